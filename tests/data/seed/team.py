import requests
import base64
API_KEY = "sk-your-api-key"
API_URL = "https://api.apiyi.com/v1beta/models/gemini-3-pro-image-preview:generateContent"
# 读取多张图片
def read_image(path):
    with open(path, 'rb') as f:
        return base64.b64encode(f.read()).decode('utf-8')
# 多图片合成 - 团队照片合成
payload = {
    "contents": [{
        "parts": [
            {"text": "Create a professional office team photo with these people, modern office background"},
            {"inline_data": {"mime_type": "image/png", "data": read_image('person1.png')}},
            {"inline_data": {"mime_type": "image/png", "data": read_image('person2.png')}},
            {"inline_data": {"mime_type": "image/png", "data": read_image('person3.png')}},
            {"inline_data": {"mime_type": "image/png", "data": read_image('person4.png')}}
        ]
    }],
    "generationConfig": {
        "responseModalities": ["IMAGE"],
        "imageConfig": {
            "aspectRatio": "16:9",
            "imageSize": "2K" # 2K 足够高清,速度更快
        }
    }
}
headers = {"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/json"}
response = requests.post(API_URL, headers=headers, json=payload, timeout=120)
result = response.json()
# 保存结果
image_data = result["candidates"][0]["content"]["parts"][0]["inlineData"]["data"]
with open("team_photo.png", 'wb') as f:
    f.write(base64.b64decode(image_data))
