import requests
import base64
import time
from pathlib import Path
from datetime import datetime
API_KEY = "sk-your-api-key"
API_URL = "https://api.apiyi.com/v1beta/models/gemini-3-pro-image-preview:generateContent"
# 配置多张输入图片
INPUT_IMAGES = ["person1.png", "person2.png", "background.png"]
EDIT_PROMPT = "将这三张图片合成为一张专业的团队照片"
RESOLUTION = "2K"
TIMEOUT_MAP = {"1K": 180, "2K": 300, "4K": 360}
def load_image_base64(image_path):
    """读取图片并转换为 base64"""
    with open(image_path, "rb") as f:
        image_bytes = f.read()
    # 自动检测图片格式
    if image_path.lower().endswith('.png'):
        mime_type = "image/png"
    elif image_path.lower().endswith(('.jpg', '.jpeg')):
        mime_type = "image/jpeg"
    elif image_path.lower().endswith('.webp'):
        mime_type = "image/webp"
    else:
        mime_type = "image/png"
    return base64.b64encode(image_bytes).decode("utf-8"), mime_type
# 准备所有图片
print(f"📤 正在读取 {len(INPUT_IMAGES)} 张图片...")
parts = []
for image_path in INPUT_IMAGES:
    image_base64, mime_type = load_image_base64(image_path)
    parts.append({
        "inline_data": {
            "mime_type": mime_type,
            "data": image_base64
        }
    })
    print(f"✅ {image_path} ({mime_type})")
# 添加编辑指令
parts.append({"text": EDIT_PROMPT})
# 发送请求
print(f"\n⏳ 正在处理,预计 {TIMEOUT_MAP[RESOLUTION] // 60} 分钟...")
start_time = time.time()
response = requests.post(
    API_URL,
    headers={"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/json"},
    json={
        "contents": [{"parts": parts}],
        "generationConfig": {
            "responseModalities": ["IMAGE"],
            "imageConfig": {
                "aspectRatio": "16:9",
                "imageSize": RESOLUTION
            }
        }
    },
    timeout=TIMEOUT_MAP[RESOLUTION]
)
elapsed = time.time() - start_time
print(f"⏱️ 实际用时: {elapsed:.1f} 秒")
# 保存结果
result = response.json()
image_data = result["candidates"][0]["content"]["parts"][0]["inlineData"]["data"]
output_file = f"edited_{datetime.now().strftime('%Y%m%d_%H%M%S')}.png"
with open(output_file, 'wb') as f:
    f.write(base64.b64decode(image_data))
print(f"✅ 编辑成功!已保存至: {output_file}")
