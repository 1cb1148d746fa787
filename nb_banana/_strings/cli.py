"""Sentences of the ``nb-banana`` command; ``help_…`` and ``option_…`` are looked up by name."""

TABLE: dict[str, tuple[str, str]] = {
    "help": (
        "Edit images with the Nano Banana models, from a terminal or in notebooks. Works without a key on a "
        "built-in sandbox.",
        "用 Nano Banana 模型编辑图片：既可在终端，也可在笔记本中使用。没有密钥时使用内置沙盒。",
    ),
    "help_lab": (
        "Copy the tutorials into a folder (what is already there stays) and open them in JupyterLab. Further "
        "words go to JupyterLab as they are.",
        "把教程复制到一个文件夹（已有文件保持不变），并在 JupyterLab 中打开。其余参数原样交给 JupyterLab。",
    ),
    "help_app": (
        "Serve the studio to a class as a page: the key stays here, everybody has a history of their own, and budgets "
        "hold for one and for all.",
        "以网页形式为班级提供图片工作室：密钥留在此处，每人有自己的历史记录，并可为每人和全体设定预算。",
    ),
    "help_edit": (
        'Edit one or more photos: nb-banana edit cat.png "Make it night" -r 16:9 -s 2K -o night.png; a photo - is '
        "standard input.",
        '编辑一张或多张图片：nb-banana edit cat.png "变成夜晚" -r 16:9 -s 2K -o night.png；图片写 - 表示标准输入。',
    ),
    "help_generate": (
        'Make a picture from words: nb-banana generate "A banana on a desk" -o banana.png',
        '用文字生成图片：nb-banana generate "书桌上的一根香蕉" -o banana.png',
    ),
    "help_batch": (
        'Edit many photos the same way: nb-banana batch "photos/*.jpg" "Make it night" -o night/. Each picture gets its '
        "photo's name; the price is said first, and the same command again does only what is left.",
        '用同一提示词编辑多张图片：nb-banana batch "photos/*.jpg" "变成夜晚" -o night/。每张结果沿用原图的名字；'
        "先说明费用，再次运行同一命令只会完成剩下的部分。",
    ),
    "help_chain": (
        'Edit a photo step by step: nb-banana chain cat.png "Make it night" "Add a hat" -o cat_hat.png. Each step edits '
        "the picture of the one before and is saved (cat_hat-1.png, cat_hat-2.png); the same command again sends only what is left.",
        '逐步编辑一张图片：nb-banana chain cat.png "变成夜晚" "加一顶帽子" -o cat_hat.png。每一步编辑上一步的结果并保存'
        "（cat_hat-1.png、cat_hat-2.png）；再次运行同一命令只发送剩下的部分。",
    ),
    "help_clean": (
        "Say what the history holds that nobody needs: stored pictures no edit names, and with --before old edits. With --yes it is removed.",
        "说明历史中无人需要的内容：没有任何编辑引用的图片，以及（加 --before 时）旧的编辑。加 --yes 则将其删除。",
    ),
    "help_compare": (
        'Compare prompts, models and settings over photos: nb-banana compare cat.jpg dog.jpg -p "Make it night" -p "Make it '
        'snow" -m nb -m pro -n 2 -o results.zip; or all of it from a file: nb-banana compare plan.toml. Says the plan and its price and asks '
        "before it sends what costs money; the same command again does only what is left.",
        '在多张图片上比较提示词、模型和设置：nb-banana compare cat.jpg dog.jpg -p "变成夜晚" -p "下雪" -m nb -m pro -n 2 '
        "-o results.zip；也可全部写在文件中：nb-banana compare plan.toml。先显示计划与费用，产生费用前会询问；再次运行同一命令只会完成剩下的部分。",
    ),
    "help_sandbox": (
        "Serve the sandbox on a loopback port, so that other programs can talk to it as if to a provider.",
        "在本机端口上运行沙盒，其他程序可以像访问服务商一样访问它。",
    ),
    "help_models": (
        "List the models, what they can do and what they cost. Short names work wherever a model is asked for: "
        "{nicknames}.",
        "列出各模型的能力与价格。凡是要写模型的地方都可用简称：{nicknames}。",
    ),
    "help_estimate": (
        "Say what a number of edits would cost and how long they take; nothing is sent.",
        "估算若干次编辑的费用和时间，不发送任何请求。",
    ),
    "help_history": (
        "Show the newest edits of this folder, export all of them as JSON lines, or delete old ones.",
        "显示此文件夹中最近的编辑，全部导出为 JSON Lines，或删除旧的编辑。",
    ),
    "help_bench": (
        "Public benchmarks: check a folder before hours are spent on it, and see what others published.",
        "公开基准：在花费数小时之前检查文件夹，并查看已发表的结果。",
    ),
    "help_bench_check": (
        "Say what a benchmark's own script would skip, crop or never match: in its copy (FOLDER) and, where given, in "
        "one method's results. Names: {nicknames}. Ends with 1 where there is something to say.",
        "说明基准自带脚本会跳过、裁剪或匹配不到什么：检查其副本（FOLDER），并在给出时检查某个方法的结果。名称：{nicknames}。有发现时退出码为 1。",
    ),
    "help_bench_published": (
        "Say what others published, how certain it is, and which ranks are real.",
        "列出已发表的结果、其可靠程度以及哪些名次成立。",
    ),
    "help_decode": (
        "Read a provider's answer from standard input and write its picture to standard output, as the curl "
        "command of result.to_curl() needs it.",
        "从标准输入读取服务商的回答，把其中的图片写到标准输出；result.to_curl() 给出的 curl 命令会用到。",
    ),
    "the_provider": ("the provider", "服务商"),
    "help_doctor": (
        "Check versions, where the key comes from (of a long one its last four characters are shown), proxies and "
        "the history folder. With --live it also tries your provider: it states the price, asks, and makes at most three of the cheapest pictures.",
        "检查版本、密钥来源（长密钥只显示最后四位）、代理和历史文件夹。加上 --live 还会实际试用您的服务商：先说明费用并询问，最多生成三张最便宜的图片。",
    ),
    "options": ("[OPTIONS]", "[选项]"),
    "subcommand": ("COMMAND [ARGUMENT]...", "命令 [参数]..."),
    "version": ("nb-banana, version {version}", "nb-banana，版本 {version}"),
    "no_match": ("no file fits the pattern {pattern}.", "没有文件符合 {pattern}。"),
    "not_together": ("{one} and {other} can't be given together.", "{one} 与 {other} 不能同时使用。"),
    "too_many": ("more words than this command takes: {words}", "多余的参数：{words}"),
    "needs_value": ("{name} needs a value.", "{name} 需要一个值。"),
    "takes_no_value": ("{name} takes no value.", "{name} 不带值。"),
    "bad_lang": ("there is no language {value!r}; say en or zh.", "没有语言 {value!r}；请用 en 或 zh。"),
    "want_whole": ("{value!r} is no whole number from {least} on.", "{value!r} 不是不小于 {least} 的整数。"),
    "want_whole_to": (
        "{value!r} is no whole number from {least} to {most}.",
        "{value!r} 不是 {least} 到 {most} 之间的整数。",
    ),
    "want_seconds": ("{value!r} is no number of seconds.", "{value!r} 不是秒数。"),
    "want_day": ("{value!r} is no day; write it as 2026-01-31.", "{value!r} 不是日期；请写成 2026-01-31。"),
    "want_one_of": ("{value!r} is none of {words}.", "{value!r} 不在可选值中：{words}。"),
    "not_a_folder": ("{path} is a file, and a folder is needed.", "{path} 是文件，这里需要文件夹。"),
    "not_a_file": ("{path} is a folder, and a file is needed.", "{path} 是文件夹，这里需要文件。"),
    "option_version": ("Say the version.", "显示版本。"),
    "option_lang": ("Language of what is said here.", "提示文字的语言。"),
    "option_aspect_ratio": (
        "Aspect ratio, like 16:9; left out, it follows the input.",
        "宽高比，例如 16:9；不写则随输入图片。",
    ),
    "option_batch_out": (
        "The folder for the pictures; left out, edited/ here. A file that is there stays unless --force is given.",
        "存放结果的文件夹；不写则为此处的 edited/。已有文件保持不变，除非加上 --force。",
    ),
    "option_chain_out": (
        "Where to save: night.png gives night-1.png, night-2.png …; a folder (out/); a .zip holds the whole chain; - is "
        "standard output for the last picture.",
        "保存位置：night.png 存为 night-1.png、night-2.png …；可写文件夹（out/）；.zip 保存整条链；- 把最后一张写到标准输出。",
    ),
    "option_context": (
        "refeed: each step sends the picture of the one before; conversation: it continues the model's own turns.",
        "refeed：每一步发送上一步的图片；conversation：延续模型自己的对话。",
    ),
    "option_source": (
        "Go on from an edit of the history (the record of --json), or from a chain's .zip; no photo is named then.",
        "从历史中的某次编辑（--json 给出的 record）或链的 .zip 继续；此时不写图片。",
    ),
    "option_before": ("Also the edits made before this day.", "也包括此日期之前的编辑。"),
    "option_new_aspect_ratio": (
        "Aspect ratio, like 16:9; left out, the model chooses.",
        "宽高比，例如 16:9；不写则由模型决定。",
    ),
    "option_help": ("Show this and end.", "显示本说明。"),
    "option_force": ("Let --out replace a file that was there before.", "允许 --out 覆盖原有文件。"),
    "option_image_size": (
        "Size, like 2K; left out, the model's default.",
        "尺寸，例如 2K；不写则用模型默认值。",
    ),
    "option_model": (
        "Model id or short name (pro, nb, nb2, lite, flare); see nb-banana models.",
        "模型 ID 或简称（pro、nb、nb2、lite、flare）；见 nb-banana models。",
    ),
    "option_mask": (
        "Where to edit: a picture that is white there, or left,top,width,height in shares of the photo, like "
        "0.25,0.25,0.5,0.5. It lies on the first photo; where the wire has no masks, a marked copy of it is sent.",
        "编辑区域：一张在该处为白色的图片，或占图片比例的 左,上,宽,高，例如 0.25,0.25,0.5,0.5。蒙版位于第一张图片上；"
        "若该接口不支持蒙版，则发送标出区域的副本。",
    ),
    "option_seed": (
        "A number that may repeat the model's chance, where the model takes one.",
        "随机种子（整数），仅适用于支持种子的模型。",
    ),
    "option_quality": (
        "How much work to spend, like high, where the model has that; short for --extra with quality.",
        "生成质量，例如 high，仅适用于支持该项的模型；等同于 --extra 中的 quality。",
    ),
    "option_extra": (
        """Further fields of the request as JSON: '{{"num_inference_steps": 20}}'.""",
        """以 JSON 给出的其他请求字段，例如 '{{"num_inference_steps": 20}}'。""",
    ),
    "option_endpoint": (
        "Where to: apiyi, google, openrouter, openai or sandbox, each with the key of its own variable; or an "
        "address, such as http://127.0.0.1:8000 for a server of your own. Left out, as the environment says.",
        "发往何处：apiyi、google、openrouter、openai 或 sandbox（各用自己环境变量中的密钥），或网址，例如自建服务 "
        "http://127.0.0.1:8000。不写则由环境变量决定。",
    ),
    "option_wire": (
        "The form of the request: gemini, openai or images; left out, the one that carries the model.",
        "请求格式：gemini、openai 或 images；不写则用适合该模型的格式。",
    ),
    "option_insecure": (
        "Allow plain http to a private address given with --endpoint.",
        "允许 --endpoint 指向的专用网络地址使用不加密的 http。",
    ),
    "option_out": (
        "Where to save; the suffix follows the bytes received. Where another file has the name, the next free "
        "one is taken (night_2.png) unless --force is given; a missing folder is made. A folder (out/) gets "
        "edited_<time>; - is standard output. Left out, edited_<time> here.",
        "保存位置，后缀以实际收到的格式为准。若已有同名的其他文件，则改用下一个空闲的名字（night_2.png），除非加上 --force；"
        "文件夹不存在时会创建。写文件夹（out/）则存为其中的 edited_<时间>；- 表示标准输出。不写则存为当前文件夹下的 edited_<时间>。",
    ),
    "option_takes": ("How many different results; each is paid.", "要几份不同的结果，每份单独计费。"),
    "option_fresh": (
        "Send again, and pay again, what the history already holds.",
        "历史中已有的也重新发送并重新付费。",
    ),
    "option_as_json": ("Print JSON, for another program.", "输出 JSON，供其他程序使用。"),
    "option_live": (
        "Try the provider with a few small paid edits; states the price and asks first.",
        "用几次很小的付费编辑试用服务商；先说明费用并询问。",
    ),
    "option_yes": ("Agree to what --live costs without being asked.", "同意 --live 的费用，不再询问。"),
    "option_live_model": (
        "The model that --live tries; left out, the cheapest.",
        "--live 试用的模型；不写则用最便宜的。",
    ),
    "option_live_out": (
        "Where --live saves the answers' shapes; left out, nb-banana-live-<day>.json here.",
        "--live 保存回答结构的位置；不写则为当前文件夹下的 nb-banana-live-<日期>.json。",
    ),
    "option_no_browser": ("Print the address and open no browser.", "只打印地址，不打开浏览器。"),
    "option_port": ("Port to listen on.", "监听的端口。"),
    "option_folder": ("The folder to use.", "使用的文件夹。"),
    "option_fault": (
        "Answer every request with this failure; an unknown name lists them.",
        "对每个请求都返回这种故障；名称未知时会列出全部。",
    ),
    "option_delay": ("Seconds to wait before each answer.", "每次回答前等待的秒数。"),
    "option_provider": (
        "Whose prices: apiyi, google, openrouter, openai, sandbox, custom or local.",
        "哪家的价格：apiyi、google、openrouter、openai、sandbox、custom 或 local。",
    ),
    "option_count": ("How many.", "数量。"),
    "option_images": ("Input pictures per edit.", "每次编辑的输入图片数。"),
    "option_delete_before": ("Delete the edits made before this day.", "删除此日期之前的编辑。"),
    "option_starred": ("Delete those with a star too.", "加星标的也删除。"),
    "option_delete_yes": ("Do it; without it only what would be lost is said.", "确认执行；不加时只说明会失去什么。"),
    "option_as_of": ("Use the prices of this day.", "使用这一天的价格。"),
    "option_export": (
        "Write everything to this file, one JSON object per line.",
        "把全部记录写入此文件，每行一个 JSON 对象。",
    ),
    "prompt_is_a_file": (
        "the prompt is missing: the last word, '{name}', is a file. Put the instruction after the photos.",
        "缺少提示词：最后一个参数“{name}”是文件。请把指令加引号写在图片之后。",
    ),
    "prompt_unquoted": (
        "there is no file '{name}'. If it belongs to the prompt, put the prompt in quotes: {command}",
        "没有文件“{name}”。如果它是提示词的一部分，请给提示词加上引号：{command}",
    ),
    "pipe_alone": (
        "-o - writes one picture to standard output and can't be had with {option}.",
        "-o - 只把一张图片写到标准输出，不能与 {option} 一起使用。",
    ),
    "pipe_is_screen": (
        "-o - would print the picture's bytes on this terminal; send them somewhere: … -o - > night.png",
        "-o - 会把图片数据打印到终端；请重定向到文件：… -o - > night.png",
    ),
    "nothing_piped": (
        "a photo - is read from standard input, and nothing is piped into it: … < cat.png",
        "图片写 - 表示从标准输入读取，而现在没有输入：… < cat.png",
    ),
    "piped_once": ("standard input holds one picture, so - can be given once.", "标准输入只有一张图片，因此 - 只能写一次。"),
    "usage": ("Usage:", "用法："),
    "heading_options": ("Options", "选项"),
    "heading_commands": ("Commands", "命令"),
    "try_help": ("{command} shows more.", "详见 {command}"),
    "error": ("Error: {problem}", "错误：{problem}"),
    "missing": ("{name} is missing.", "缺少 {name}。"),
    "bad_value": ("{name}: {problem}", "{name}：{problem}"),
    "no_such_option": ("there is no option {name}.", "没有选项 {name}。"),
    "no_such_command": ("there is no command '{name}'.", "没有命令“{name}”。"),
    "did_you_mean": (" Did you mean {name}?", "您是想写 {name} 吗？"),
    "new_folder": ("Made the folder {folder}", "已创建文件夹 {folder}"),
    "name_taken": (
        "{path} is another file and was left alone (--force would replace it).",
        "{path} 是另一个文件，未作改动（加 --force 可覆盖）。",
    ),
    "in_history": (
        "The picture is in the history: the same command again, without --fresh, costs nothing.",
        "图片保存在历史记录中：再次运行同一命令（不加 --fresh）不会计费。",
    ),
    "name_ours": (
        "{path} was written by this same command and was left alone.",
        "{path} 是本次命令刚写入的文件，未作改动。",
    ),
    "chain_saved": ("Step {step} of {count}: saved {path} ({facts})", "第 {step}/{count} 步：已保存 {path}（{facts}）"),
    "chain_step": ("Step {step} of {count} ({facts})", "第 {step}/{count} 步（{facts}）"),
    "chain_stopped": (
        "Step {step} of {count} failed; the steps before it are kept. The same command again goes on from there, and pays only for the rest.",
        "第 {step}/{count} 步失败；之前的步骤已保留。再次运行同一命令会从那里继续，只为剩下的部分付费。",
    ),
    "chain_one_photo": (
        "a chain begins with one photo, and '{name}' is a file, not a step; nb-banana edit takes several.",
        "链从一张图片开始，而“{name}”是文件，不是步骤；nb-banana edit 可用多张图片。",
    ),
    "chain_unquoted": (
        'each word would be a step, and be paid. Put each step in quotes: "{prompt}"; a step of one word alone needs a second one.',
        "每个单词都会成为一个单独计费的步骤。请给每一步加上引号：\"{prompt}\"；只有一个单词的步骤请再加一个词。",
    ),
    "batch_folder": ("-o {name} is a file; the pictures of a batch go into a folder.", "-o {name} 是文件；批量结果需存入文件夹。"),
    "batch_failed": ("No picture of {photo}: {reason}", "{photo} 没有结果：{reason}"),
    "batch_not_run": ("not run yet", "尚未运行"),
    "clean_how": ("Nothing was removed; add --yes to do it.", "没有删除任何内容；加上 --yes 才会执行。"),
    "saved": ("Saved {path} ({facts})", "已保存 {path}（{facts}）"),
    "facts": ("{size}, {bytes}, {kind}", "{size}，{bytes}，{kind}"),
    "facts_and_cost": ("{facts}, {time}, {cost}", "{facts}，{time}，{cost}"),
    "read": ("Read {photo} ({facts})", "已读取 {photo}（{facts}）"),
    "began_ended": ("Began at {began}, ended at {ended}.", "开始于 {began}，结束于 {ended}。"),
    "the_prompt": ("the prompt", "提示词"),
    "waiting": (
        "Sent to {place}: {what} (pictures: {count}, takes: {takes}). This usually takes {usual} …",
        "已发送到 {place}：{what}（图片 {count} 张，共 {takes} 次）。通常需要 {usual} …",
    ),
    "waiting_longer": (
        "Sent to {place}: {what} (pictures: {count}, takes: {takes}). Waiting for the answer …",
        "已发送到 {place}：{what}（图片 {count} 张，共 {takes} 次）。正在等待回复 …",
    ),
    "replayed": ("from the history, no cost", "取自历史，未计费"),
    "copied": ("Copied {count} files of the tutorials into {folder}", "已将教程的 {count} 个文件复制到 {folder}"),
    "exported": ("Wrote {path}", "已写入 {path}"),
    "no_history": ("There is no history in {folder}: no history.sqlite is there.", "{folder} 中没有历史记录：其中没有 history.sqlite。"),
    "no_history_hint": (
        "Run this beside the notebook, or name the folder with --folder.",
        "请在笔记本所在的文件夹运行，或用 --folder 指定文件夹。",
    ),
    "no_lab": ("JupyterLab is not installed for this Python.", "当前 Python 未安装 JupyterLab。"),
    "no_lab_hint": (
        'Install it with: python -m pip install "nb_banana[lab]"',
        '请安装：python -m pip install "nb_banana[lab]"',
    ),
    "lab_address": ("JupyterLab is running at {address}", "JupyterLab 正在运行：{address}"),
    "lab_failed": (
        "JupyterLab ended with code {code}; its own words are above.",
        "JupyterLab 已退出，代码 {code}；原因见上方输出。",
    ),
    "unwritten": (
        "nb-banana: the standard output can't be written: {reason}. What was edited is in the history.",
        "nb-banana: 无法写入标准输出：{reason}。已完成的编辑保存在历史记录中。",
    ),
    "port_taken": ("Port {port} can't be used: {reason}.", "端口 {port} 无法使用：{reason}。"),
    "stop": ("Ctrl-C stops it.", "按 Ctrl-C 停止。"),
    "interrupted": ("Interrupted.", "已中断。"),
}
