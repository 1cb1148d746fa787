"""A template: its words in both languages with the same blanks, and what it is called."""

from nb_banana.plugins import TemplateRow

POSTER: TemplateRow = {
    "title": "Poster",
    "english": "Make a poster of {subject} with the headline “{headline}”. Keep {subject} as it is.",
    "chinese": "以{subject}为主体制作海报，标题为“{headline}”，{subject}保持不变。",
}
