"""Titles of scenarios and templates, and hints about prompts."""

TABLE: dict[str, tuple[str, str]] = {
    # scenarios
    "title_poster": ("Product poster in 4K", "4K 产品海报"),
    "title_birdseye": ("Bird's-eye view, focus in front", "鸟瞰视角，前景对焦"),
    "title_night": ("Day to night with bokeh", "日转夜，背景虚化"),
    "title_cinematic": ("Cinematic colour grading", "电影级调色"),
    "title_team": ("Four people, one team photo", "四人合成团队照"),
    "title_logos": ("Two logos and an animal", "两个标志加动物"),
    "title_sunset": ("Sunset background", "换成日落背景"),
    "title_anime": ("Anime style", "动漫风格"),
    "title_sunglasses": ("Sunglasses and blue hair", "墨镜与蓝发"),
    "title_kitten": ("Add a kitten", "加一只小猫"),
    "title_pets": ("Two pets, one family", "两只宠物合影"),
    "title_trio": ("Three people, one team photo", "三人合成团队照"),
    "title_cat_and_dog": ("A cat beside the dog", "狗狗旁边的猫"),
    "title_film": ("Film-grade photo", "电影级摄影"),
    "title_corgi": ("Combine and add a Corgi", "合成并加柯基"),
    "title_cutout": ("Cut out, then sunset", "抠图后换日落"),
    # templates
    "title_add": ("Add something", "添加元素"),
    "title_remove": ("Remove something", "去除元素"),
    "title_change_only": ("Change one thing only", "只改一处"),
    "title_restyle": ("Change the style", "转换风格"),
    "title_compose": ("Put one picture into another", "两图合成"),
    "title_preserve": ("Keep a detail exactly", "保留细节"),
    "title_sketch": ("Sketch to photo", "草图变照片"),
    "title_turnaround": ("Same subject, another view", "换个视角"),
    "title_translate": ("Translate text in the picture", "翻译图中文字"),
    "title_lettering": ("Write text", "添加文字"),
    "title_background": ("Replace the background", "更换背景"),
    "title_relight": ("Change the light", "重新打光"),
    "blank_missing": ("The template {template!r} needs {names}.", "模板 {template!r} 还需要填写 {names}。"),
    "blank_unknown": (
        "The template {template!r} has no blank {names}.",
        "模板 {template!r} 没有 {names} 这一项。",
    ),
    "blanks": ("Its blanks are {names}.", "它的填空项是 {names}。"),
    # hints
    "hint_vague": (
        "Say what should change and into what, for example “turn the background into a beach at sunset”.",
        "请说明改哪里、改成什么，例如“把背景换成日落时的海滩”。",
    ),
    "hint_no_target": (
        "“{found}”: name the thing you mean, so that the model need not guess.",
        "“{found}”：请写出具体对象，免得模型猜测。",
    ),
    "hint_negative": (
        "“{found}”: describe what you want to see instead, such as “an empty street” for “no cars”.",
        "“{found}”：最好描述想看到的画面，例如用“空旷的街道”代替“没有车”。",
    ),
    "hint_transparency": (
        "“{found}”: these models don't promise transparent pixels; a plain white background is safer.",
        "“{found}”：这些模型不保证输出透明像素；要求纯白背景更稳妥。",
    ),
    "hint_watermark": (
        "“{found}”: removing watermarks is often refused.",
        "“{found}”：去水印的请求常被拒绝。",
    ),
    "hint_face_swap": ("“{found}”: swapping faces is often refused.", "“{found}”：换脸的请求常被拒绝。"),
    "hint_celebrity": (
        "“{found}”: pictures of well-known people are often refused.",
        "“{found}”：涉及知名人物的请求常被拒绝。",
    ),
    "hint_famous_ip": (
        "“{found}”: protected characters are often refused; describe a look of your own.",
        "“{found}”：受版权保护的角色常被拒绝；可改为描述自己的形象。",
    ),
    "hint_nudity": ("“{found}”: this is refused.", "“{found}”：此类请求会被拒绝。"),
    "hint_minor": (
        "“{found}”: this is refused where children are shown.",
        "“{found}”：涉及未成年人时会被拒绝。",
    ),
    "hint_forgery": (
        "“{found}”: changing documents, orders or amounts is often refused.",
        "“{found}”：修改证件、订单或金额的请求常被拒绝。",
    ),
    "hint_contradiction": (
        "“{found}” can't both come true; keep one, or say which part each is for.",
        "“{found}”互相矛盾；请保留一个，或说明各自针对哪一部分。",
    ),
    "hint_overloaded": (
        "{found} edits at once: do them one after another, each on the last result.",
        "一次要求 {found} 处修改：建议分步进行，每步在上一步结果上继续。",
    ),
    "hint_which_picture": (
        "There are {found} pictures: say which is which, such as “the first image” and “the second image”.",
        "共有 {found} 张图片：请说明各指哪张，例如“第一张图”“第二张图”。",
    ),
    "hint_no_such_picture": (
        "“{found}”: there are fewer pictures than that.",
        "“{found}”：没有那么多张图片。",
    ),
    "hint_no_picture": ("“{found}”: no picture has been added yet.", "“{found}”：尚未添加图片。"),
    "hint_ratio": (
        "The prompt says {found}; the shape comes from aspect_ratio, so set that to {found}.",
        "提示词写了 {found}；画面比例由 aspect_ratio 决定，请将其设为 {found}。",
    ),
    "hint_shape": (
        "“{found}” does not fit the aspect_ratio that is set.",
        "“{found}”与所设的 aspect_ratio 不符。",
    ),
    "hint_size": (
        "The prompt says {found}; the size comes from image_size, not from the words.",
        "提示词写了 {found}；尺寸由 image_size 决定，而不是文字。",
    ),
}
