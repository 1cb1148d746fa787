import requests
import base64
# 配置
API_KEY = "sk-your-api-key"
API_URL = "https://api.apiyi.com/v1beta/models/gemini-3-pro-image-preview:generateContent"
INPUT_IMAGE = "./dog.png"
PROMPT = "增加一只帅气的猫咪在狗狗的旁边"
ASPECT_RATIO = "16:9" # 可选: "1:1","2:3","3:2","3:4","4:3","4:5","5:4","9:16","16:9","21:9"
RESOLUTION = "2K" # 可选: "1K", "2K", "4K"
# 读取并编码图片
with open(INPUT_IMAGE, 'rb') as f:
    image_base64 = base64.b64encode(f.read()).decode('utf-8')
# 发送请求
response = requests.post(
    API_URL,
    headers={"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/json"},
    json={
        "contents": [{
            "parts": [
                {"text": PROMPT},
                {"inline_data": {"mime_type": "image/png", "data": image_base64}}
            ]
        }],
        "generationConfig": {
            "responseModalities": ["IMAGE"],
            "imageConfig": {
                "aspectRatio": ASPECT_RATIO,
                "imageSize": RESOLUTION # Gemini 3 Pro 专属参数
            }
        }
    },
    timeout=120
)
# 保存结果
result = response.json()
image_data = result["candidates"][0]["content"]["parts"][0]["inlineData"]["data"]
with open("edited_output.png", 'wb') as f:
    f.write(base64.b64decode(image_data))
print("✅ 图片已保存: edited_output.png")
