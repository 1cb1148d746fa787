"""Sentences about what is remembered, where, and what could not be."""

TABLE: dict[str, tuple[str, str]] = {
    "elsewhere": (
        "The history folder {asked} can't be written ({reason}). Results are kept in {folder} instead; "
        "set NB_BANANA_HISTORY or folder= to choose another place.",
        "历史文件夹 {asked} 无法写入（{reason}）。结果改存于 {folder}；"
        "可用 NB_BANANA_HISTORY 或 folder= 指定其他位置。",
    ),
    "no_place": (
        "The working directory is gone (deleted or renamed while this process runs), so there is no place for the "
        "history; nothing was sent.",
        "工作目录已不存在（在本进程运行期间被删除或重命名），历史记录无处存放；没有发送任何请求。",
    ),
    "no_place_hint": (
        "Go to a folder that exists with os.chdir, or set NB_BANANA_HISTORY or folder= to one.",
        "用 os.chdir 切换到现有的文件夹，或用 NB_BANANA_HISTORY 或 folder= 指定一个。",
    ),
    "not_beside": (
        "Where {notebook} lies is not known on this machine, so its history is kept in {folder}. Set "
        "NB_BANANA_HISTORY or folder= to choose another place.",
        "在这台计算机上找不到 {notebook} 所在的位置，因此历史记录保存在 {folder}。"
        "可用 NB_BANANA_HISTORY 或 folder= 指定其他位置。",
    ),
    "older": (
        "New results are kept in {folder}. The history in {older} is read as well, so nothing in it is paid "
        "again; nothing is written there any more.",
        "新的结果保存在 {folder}。{older} 中的历史仍会读取，其中的结果不会重复计费；但不再写入该文件夹。",
    ),
    "nowhere": (
        "No place can be found to keep the history: {reasons}.",
        "找不到可以保存历史的位置：{reasons}。",
    ),
    "nowhere_hint": (
        "Set NB_BANANA_HISTORY (or folder=) to a folder that can be written. Nothing was sent.",
        "请把 NB_BANANA_HISTORY（或 folder=）设为可写入的文件夹。没有发送任何请求。",
    ),
    "newer": (
        "{path} was written by a newer nb_banana (layout {found}; this one knows up to {known}). It was left "
        "as it is, and nothing was sent.",
        "{path} 由更新版本的 nb_banana 写入（结构版本 {found}，当前版本最高支持 {known}）。"
        "文件未被改动，也没有发送任何请求。",
    ),
    "newer_hint": (
        "Upgrade with pip install -U nb_banana, or set NB_BANANA_HISTORY (or folder=) to another folder.",
        "请运行 pip install -U nb_banana 升级，"
        "或把 NB_BANANA_HISTORY（或 folder=）设为其他文件夹。",
    ),
    "missing": (
        "There were pictures in images/ and no {path}. A new history was begun: what was edited before is not found in it and "
        "would be paid again. The pictures stay as long as {note} lies there.",
        "images/ 中有图片，但没有 {path}。已开始新的历史记录：以前的编辑不在其中，再次运行会重新付费。只要 {note} 还在，这些图片就会保留。",
    ),
    "damaged": (
        "{path} is damaged. It was moved aside as {aside}, and a new history begun; the pictures in images/ "
        "are untouched.",
        "{path} 已损坏。它被移到 {aside}，并新建了历史记录；images/ 中的图片未受影响。",
    ),
    "unusable": (
        "The history {path} can't be used: {reason}.",
        "无法使用历史记录 {path}：{reason}。",
    ),
    "unusable_hint": (
        "Free the disk or close what locks the file, or set NB_BANANA_HISTORY to another folder.",
        "请释放磁盘空间或关闭占用该文件的程序，或把 NB_BANANA_HISTORY 设为其他文件夹。",
    ),
    "not_recorded": (
        "Not recorded in {path}: {reason}. The result is in memory; it will be recorded with the next one "
        "once writing works again.",
        "未能记入 {path}：{reason}。结果仍在内存中；恢复写入后，会随下一次记录一并保存。",
    ),
    "not_stored": (
        "A picture was not saved in {folder}: {reason}. It is still in memory: save it elsewhere with "
        ".save(path), or free some space.",
        "有图片未能保存到 {folder}：{reason}。"
        "图片仍在内存中：请用 .save(path) 保存到其他位置，或释放磁盘空间。",
    ),
    "died": (
        "The kernel stopped before an answer came. If a provider was asked, it may have charged.",
        "内核在收到回复之前停止了。如果已向服务商发送请求，可能已经计费。",
    ),
    "no_record": (
        "There is no record “{id}” in {folder}. nb.history() lists the ids.",
        "{folder} 中没有记录“{id}”。nb.history() 会列出所有编号。",
    ),
    "no_picture": (
        "No picture with sha256 {sha256} is known in {folder}.",
        "{folder} 中没有 sha256 为 {sha256} 的图片。",
    ),
    "bad_moment": (
        "“{value}” is not a date or time; write it like 2026-01-31 or 2026-01-31T18:00.",
        "“{value}”不是日期或时间，请写成 2026-01-31 或 2026-01-31T18:00 的形式。",
    ),
    "freed": ("Freed {size} in {files} files.", "已释放 {size}（{files} 个文件）。"),
    "would_free": ("Would free {size} in {files} files.", "可释放 {size}（{files} 个文件）。"),
    "would_copies": (
        "Would remove {count} kept copies ({size}) of pictures that no edit has any more from {folder}: {names}. "
        "Code in a cell that names one needs its file.",
        "将从 {folder} 删除 {count} 份副本（{size}），其图片已没有任何编辑使用：{names}。若某个单元格的代码写有其文件名，则需要该文件。",
    ),
    "copies": (
        "Removed {count} kept copies ({size}) of pictures that no edit has any more from {folder}: {names}.",
        "已从 {folder} 删除 {count} 份副本（{size}），其图片已没有任何编辑使用：{names}。",
    ),
    "young_copies": (
        "Copies in inputs/ of such pictures that stay until they are an hour old: {count}.",
        "inputs/ 中这类图片的副本，不满一小时而暂时保留：{count} 份。",
    ),
    "kept_damaged": (
        "All pictures were kept: {path} stands for a damaged or missing file of records that may need them. Remove it "
        "when you no longer do.",
        "已保留全部图片：{path} 表示曾有一个损坏或缺失的记录文件，它可能仍需要这些图片。确认不再需要时请将其删除。",
    ),
    "not_exported": (
        "{path} could not be written: {reason}. Choose another place.",
        "无法写入 {path}：{reason}。请选择其他位置。",
    ),
    "export_without": (
        "Exported without one picture. {reason}",
        "导出时缺少一张图片。{reason}",
    ),
    "bad_zip": (
        "{path} is not a history exported by nb_banana, or it is damaged: {reason}. Ask for a new export.",
        "{path} 不是 nb_banana 导出的历史记录，或已损坏：{reason}。请重新导出。",
    ),
    "flood": ("it says it holds more than any history could", "其声明的内容超出任何历史记录的大小"),
    "twice": ("it holds a name twice", "其中有重复的文件名"),
    "odd_row": (
        "This row of the history can't be read ({reason}); the others are not affected.",
        "历史记录中的这一行无法读取（{reason}）；其他记录不受影响。",
    ),
    "foreign_schema": (
        "{path} holds {kind} {name}, which no nb_banana wrote. It was not run, and the file was left as it is.",
        "{path} 含有 {kind} {name}，并非由 nb_banana 写入。未执行其中任何内容，文件保持不变。",
    ),
    "foreign_missing": (
        "{path} lacks {kind} {name}, which every history of nb_banana has. The file was left as it is.",
        "{path} 缺少 {kind} {name}，而每个 nb_banana 历史记录都含有它。文件保持不变。",
    ),
    "foreign_schema_hint": (
        "Use another folder (folder= or NB_BANANA_HISTORY), or ask its owner for an export.",
        "请使用其他文件夹（folder= 或 NB_BANANA_HISTORY），或请其所有者重新导出。",
    ),
    "planted": (
        "{path} was not opened: {reason}. Nothing was sent, and nothing in the folder was changed.",
        "未打开 {path}：{reason}。没有发送任何请求，文件夹内容未被改动。",
    ),
    "planted_hint": (
        "Remove it if it is not yours. To keep the history elsewhere, name that folder with folder= or "
        "NB_BANANA_HISTORY.",
        "如果不是您自己放置的，请将其删除。若要把历史记录存到别处，请用 folder= 或 NB_BANANA_HISTORY 指定该文件夹。",
    ),
    "open_to_all": (
        "Anybody on this computer may change {path}, and with it the history. To keep it to yourself: "
        "chmod -R go-w {folder} (with go-rwx nobody else can read it either).",
        "这台计算机上的任何人都可以改动 {path}，从而改动历史记录。如需只由自己使用："
        "chmod -R go-w {folder}（用 go-rwx 则他人也无法读取）。",
    ),
    "read_by_all": (
        "Anybody on this computer may read the pictures in {path}. To keep them to yourself: chmod -R go-rwx {path}",
        "这台计算机上的任何人都可以读取 {path} 中的图片。如需只由自己使用：chmod -R go-rwx {path}",
    ),
    "foreign_row": ("record {number} is not as nb_banana writes it", "记录 {number} 不符合 nb_banana 的格式"),
    "newer_zip": (
        "{path} was exported by a newer nb_banana. Upgrade with pip install -U nb_banana, then import it.",
        "{path} 由更新版本的 nb_banana 导出。请先运行 pip install -U nb_banana 升级，再导入。",
    ),
}
