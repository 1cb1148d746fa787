"""Sentences of comparisons."""

TABLE: dict[str, tuple[str, str]] = {
    # the plan
    "no_images": (
        "The list of images is empty; give at least one picture, or None to make pictures from words.",
        "图片列表为空；请至少给一张图片，或传入 None 以纯文字生成。",
    ),
    "empty_axis": (
        "{name} is empty; give at least one value, or leave it out.",
        "{name} 为空；请至少给一个值，或省略该参数。",
    ),
    "bad_text": (
        "{axis}{place} is {kind}, not text. Give a text, a list of texts, or a dict that names them: {axis}={{'short': '…', 'long': '…'}}.",
        "{axis}{place} 是 {kind}，不是文本。请传入一个文本、文本列表，或为文本命名的字典：{axis}={{'short': '…', 'long': '…'}}。",
    ),
    "bad_endpoint": (
        "endpoints{place} is a {kind}. Give an nb.Endpoint, a provider's name or an address, a list of these, or a dict that names them.",
        "endpoints{place} 是 {kind}。请传入 nb.Endpoint、服务商名称或网址，或它们的列表，或为其命名的字典。",
    ),
    "too_many_cells": (
        "This plan has {count:,} edits; {limit:,} is the most. Give fewer pictures, texts or takes, or several plans.",
        "该计划共有 {count:,} 次编辑，上限为 {limit:,}。请减少图片、文本或次数，或分成多个计划。",
    ),
    "no_order": (
        "{axis} is a {kind}, which has no order. Give a list, for example sorted({axis}).",
        "{axis} 是 {kind}，没有顺序。请传入列表，例如 sorted({axis})。",
    ),
    "whole_table": (
        "{axis} is a whole table ({kind}). Give one of its columns, for example {axis}=list(df['{column}']).",
        "{axis} 是整张表（{kind}）。请传入其中一列，例如 {axis}=list(df['{column}'])。",
    ),
    "image_label": ("image {place}", "图片 {place}"),
    "axis_image": ("image", "图片"),
    "axis_prompt": ("prompt", "指令"),
    "axis_phrase": ("phrase", "措辞"),
    "axis_model": ("model", "模型"),
    "axis_aspect_ratio": ("ratio", "比例"),
    "axis_image_size": ("size", "尺寸"),
    "axis_endpoint": ("endpoint", "去处"),
    "axis_wire": ("wire", "格式"),
    "axis_seed": ("seed", "种子"),
    "axis_turn": ("turn", "步骤"),
    "axis_take": ("take", "次数"),
    "default": ("default", "默认"),
    # what it would cost
    "estimate_head": ("{cells} cells, {to_send} to send", "共 {cells} 格，需发送 {to_send} 次"),
    "estimate_done": ("{count} done", "{count} 格已完成"),
    "estimate_replayed": ("{count} in the history, free", "{count} 格已在历史中，免费"),
    "estimate_impossible": ("{count} can't work", "{count} 格不可行"),
    "estimate_cost": ("cost: {cost}", "费用：{cost}"),
    "estimate_unpriced": ("the price of {models} here is not known", "{models} 在此处的价格未知"),
    "estimate_at_least": (
        "at least {known}; the price of {models} here is not known",
        "至少 {known}；{models} 在此处的价格未知",
    ),
    "estimate_paid_before": (
        "{count} of those to send may have been billed already, by attempts that brought no picture",
        "其中 {count} 次此前可能已计费但没有得到图片",
    ),
    "estimate_time": ("time: about {time}", "用时：约 {time}"),
    # running
    "progress": ("Editing", "编辑中"),
    "paid_before": (
        "{count} of the edits now sent may have been billed already, by attempts that brought no picture (column earlier_maybe_paid). "
        "Look at your provider's bill if that matters.",
        "本次发送的编辑中有 {count} 个此前可能已计费但没有得到图片（见 earlier_maybe_paid 列）。如有疑问，请核对服务商账单。",
    ),
    "stopped": (
        "The run stopped early, {left} cells have not run: {reason} Run again to go on from there.",
        "运行提前结束，还有 {left} 格未运行：{reason} 再次运行即可继续。",
    ),
    "stopped_short": ("Stopped early: {reason}", "提前结束：{reason}"),
    "executor_gone": (
        "The executor takes no more jobs ({reason}); nothing was sent. Run again with a new one.",
        "执行器不再接受任务（{reason}）；请求未发送。请换一个执行器再次运行。",
    ),
    "worker_died": (
        "The worker died while it made this edit ({reason}); the edit may have been billed.",
        "执行此编辑的工作进程意外结束（{reason}）；该编辑可能已计费。",
    ),
    "claimed": (
        "A worker that was lost had begun this edit, so it was not sent again; the edit may have been billed.",
        "此编辑已由一个失联的工作进程开始执行，因此没有再次发送；该编辑可能已计费。",
    ),
    "not_shared": (
        "A worker can't write into the folder of this run in {folder} ({reason}), where it would note what it sends; nothing was sent.",
        "工作进程无法在 {folder} 中写入本次运行的文件夹（{reason}），因而无法登记将要发送的请求；请求未发送。",
    ),
    "not_shared_hint": (
        "Keep the history on a disk that this notebook and all workers share: set NB_BANANA_HISTORY to a folder there. Or run without executor=.",
        "请把历史放在本笔记本与所有工作进程共享的磁盘上：将 NB_BANANA_HISTORY 设为其中的文件夹；或不使用 executor= 运行。",
    ),
    # looking
    "cells": ("{count} cells", "共 {count} 格"),
    "count_done": ("{count} done", "完成 {count}"),
    "count_failed": ("{count} failed", "失败 {count}"),
    "count_impossible": ("{count} can't work", "不可行 {count}"),
    "count_missing": ("{count} not run", "未运行 {count}"),
    "maybe_billed": ("{count} failed may be billed", "失败的 {count} 次可能计费"),
    "sandbox": ("sandbox", "沙盒"),
    "word_replayed": ("replayed", "重放"),
    "word_missing": ("not run", "未运行"),
    "word_unreadable": ("unreadable", "无法读取"),
    "more": ("… and {count} more", "……另有 {count} 格"),
    "more_notes": ("… and {count} more notes like these", "……另有 {count} 条类似说明"),
    # files
    "left_out_deleted": (
        "{count} results are not in the file: their edits were deleted from the history. Their cells can be run again.",
        "有 {count} 个结果未写入文件：相应的编辑已从历史记录中删除。这些单元格可以重新运行。",
    ),
    "bad_zip": (
        "{path} is not a comparison written by .export(): {reason}",
        "{path} 不是由 .export() 写出的比较文件：{reason}",
    ),
    "newer_zip": (
        "{path} was written by a newer nb_banana; update this one to read it.",
        "{path} 由更新版本的 nb_banana 写出；请升级后再读取。",
    ),
}
