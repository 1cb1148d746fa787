// @ts-check
/** Every sentence of the extension, English and 简体中文 side by side, and which of the two is spoken. */

/** @type {Record<string, [string, string]>} */
export const WORDS = {
  edit: ["Edit with nb_banana…", "用 nb_banana 编辑…"],
  open: ["New Picture Panel", "新建图片编辑面板"],
  open_tip: ["Insert a panel to edit pictures; nothing is sent before you press Edit", "插入图片编辑面板；按下“编辑”之前不会发送任何内容"],
  launch: ["Picture Panel", "图片编辑面板"],
  history: ["History of Edits", "编辑历史"],
  show_history: ["Show the History of Edits", "显示编辑历史"],
  code: ["Insert the Code of This Result Below", "在下方插入此结果的代码"],
  save: ["Save Original", "保存原图"],
  copy: ["Copy Original", "复制原图"],
  saved: ["The original is saved as {name}, beside the notebook.", "原图已保存为 {name}，位于笔记本旁边。"],
  copied: ["The original is in the clipboard.", "原图已复制到剪贴板。"],
  no_clipboard: ["This browser lets no picture into the clipboard here ({why}). Use “Save Original”.", "浏览器在此处不允许把图片放入剪贴板（{why}）。请改用“保存原图”。"],
  no_original: ["The original of {id} was not found: {why}", "找不到 {id} 的原图：{why}"],
  no_copy: ["nb_banana's server part found nothing, and no kernel is running here", "nb_banana 的服务器部分没有找到，此处也没有运行中的内核"],
  python_only: ["nb_banana needs a Python notebook; this one is {language}.", "nb_banana 需要 Python 笔记本；当前笔记本使用 {language}。"],
  not_read: ["The picture could not be read: {why}", "无法读取图片：{why}"],
  not_made: ["No notebook could be made: {why}", "无法新建笔记本：{why}"],
  // the side bar
  search: ["Search prompts and notes", "搜索提示词和备注"],
  refresh: ["Refresh", "刷新"],
  folder: ["Folder: {folder}", "文件夹：{folder}"],
  root: ["(top)", "（根目录）"],
  none: ["No edits in this folder yet. “New picture panel” begins one.", "此文件夹还没有编辑记录。可从“新建图片编辑面板”开始。"],
  no_match: ["Nothing matches. Try fewer words.", "没有匹配的记录。请减少关键词。"],
  no_history: ["The history could not be read: {why}", "无法读取历史记录：{why}"],
  no_kernel: ["open a notebook of this folder and start its kernel", "请打开此文件夹中的笔记本并启动内核"],
  no_answer: ["the kernel is busy and did not answer in {seconds} s", "内核正忙，{seconds} 秒内没有回应"],
  no_package: ["nb_banana is not installed in this kernel ({why})", "此内核未安装 nb_banana（{why}）"],
  more: ["Show {count} More", "再显示 {count} 条"],
  again: ["Edit", "编辑"],
  again_tip: ["Open a panel on this result, at full size", "以原尺寸在面板中打开此结果"],
  code_short: ["Code", "代码"],
  star: ["Star", "加星标"],
  unstar: ["Take the star away", "取消星标"],
  star_off: ["Starring needs a notebook of this folder with its kernel running", "加星标需要打开此文件夹中的笔记本并运行其内核"],
  starred: ["Starred", "已加星标"],
  drag: ["Double click: panel. Drag: into a cell or the file browser", "双击：打开面板。拖动：放入单元格或文件浏览器"],
  sandbox: ["sandbox", "沙盒"],
  count: ["{count} edits", "{count} 条编辑"],
  count_one: ["1 edit", "1 条编辑"],
  // a saved widget without its kernel
  panel: ["Panel", "面板"],
  chain: ["Chain", "编辑链"],
  grid: ["Grid", "对比网格"],
  past: ["History", "历史记录"],
  viewer: ["Viewer", "查看器"],
  other: ["View", "视图"],
  use: ["Run this cell to use it.", "运行此单元格即可使用。"],
  run: ["Run Cell", "运行单元格"],
  last: ["The last picture", "最后一张图片"],
  // the settings' form; its English stands in the schema
  set_about: ["How pictures are edited from the menus and the side bar. No key is kept here.", "如何从菜单和侧边栏编辑图片。这里不保存任何密钥。"],
  set_language: ["Language", "语言"],
  set_language_about: ["What nb_banana speaks, here and in notebooks. An argument or NB_BANANA_LANG comes first.", "nb_banana 在此处和笔记本中使用的语言。参数或 NB_BANANA_LANG 优先。"],
  set_auto: ["As JupyterLab", "与 JupyterLab 相同"],
  set_preview: ["Preview size", "预览尺寸"],
  set_preview_about: ["The longest edge, in pixels, of the picture a notebook keeps of a result. The original stays in the history.", "笔记本中保留的结果图片的最长边（像素）。原图保存在历史记录中。"],
  set_folder: ["History folder", "历史文件夹"],
  set_folder_about: ["Where the history is kept. Empty: nb_banana_history beside the notebook. An argument or NB_BANANA_HISTORY comes first.", "历史记录的保存位置。留空：笔记本旁边的 nb_banana_history。参数或 NB_BANANA_HISTORY 优先。"],
  set_confirm: ["Confirm above $", "超过此金额（$）时确认"],
  set_confirm_about: ["Ask before an edit that is expected to cost more than this many US dollars. 0: never ask.", "预计费用超过这么多美元的编辑，发送前先询问。0：从不询问。"],
  set_run: ["Run the inserted cell", "运行插入的单元格"],
  set_run_about: ["Run the cell a menu inserts, which shows the panel. Nothing is sent before you press Edit.", "运行由菜单插入的单元格，从而显示面板。按下“编辑”之前不会发送任何内容。"],
};

const CHINESE = new Map(Object.values(WORDS));

/** What is spoken: what the setting says, else the front end's language. */
export class Speech {
  /** @param {() => string} page gives the front end's language, such as `zh_CN` */
  constructor(page) {
    this.page = page;
    this.chosen = "auto";
  }

  get chinese() {
    return (this.chosen === "auto" ? this.page() : this.chosen).toLowerCase().startsWith("zh");
  }

  /** A sentence by its name, its `{fields}` filled. @param {string} name @param {Record<string, unknown>} [values] */
  say(name, values = {}) {
    const sentence = WORDS[name][this.chinese ? 1 : 0];
    return sentence.replace(/\{(\w+)\}/g, (field, key) => (key in values ? String(values[key]) : field));
  }

  /** An English sentence of the schema in the language spoken. @param {string} english */
  schema(english) {
    return (this.chinese && CHINESE.get(english)) || english;
  }
}
