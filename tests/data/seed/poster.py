import requests
import base64
API_KEY = "sk-your-api-key"
API_URL = "https://api.apiyi.com/v1beta/models/gemini-3-pro-image-preview:generateContent"
# 读取图片
with open('product.png', 'rb') as f:
    image_base64 = base64.b64encode(f.read()).decode('utf-8')
# 4K 高清编辑 - 适合商业印刷
payload = {
    "contents": [{
        "parts": [
            {"text": "将这个产品照片转换为专业商业海报,添加高端质感和完美照明"},
            {"inline_data": {"mime_type": "image/png", "data": image_base64}}
        ]
    }],
    "generationConfig": {
        "responseModalities": ["IMAGE"],
        "imageConfig": {
            "aspectRatio": "3:4",
            "imageSize": "4K" # 输出 3584×4800 像素
        }
    }
}
headers = {"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/json"}
response = requests.post(API_URL, headers=headers, json=payload, timeout=120)
result = response.json()
# 保存 4K 图片
image_data = result["candidates"][0]["content"]["parts"][0]["inlineData"]["data"]
with open("poster_4k.png", 'wb') as f:
    f.write(base64.b64decode(image_data))
