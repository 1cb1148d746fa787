#!/bin/bash
API_KEY="sk-your-api-key"
INPUT_IMAGE="./photo.jpg"
PROMPT="将这张照片转换为专业摄影作品,应用电影级色彩分级"
ASPECT_RATIO="16:9"
RESOLUTION="4K" # "1K", "2K", "4K"
OUTPUT_FILE="edited_4k.png"
# 编码图片
IMG_BASE64=$(base64 -i "$INPUT_IMAGE")
# 发送请求并保存
curl -X POST "https://api.apiyi.com/v1beta/models/gemini-3-pro-image-preview:generateContent" \
-H "Authorization: Bearer $API_KEY" \
-H "Content-Type: application/json" \
-d '{
"contents": [{
"parts": [
{"text": "'"$PROMPT"'"},
{"inline_data": {"mime_type": "image/jpeg", "data": "'"$IMG_BASE64"'"}}
]
}],
"generationConfig": {
"responseModalities": ["IMAGE"],
"imageConfig": {
"aspectRatio": "'"$ASPECT_RATIO"'",
"imageSize": "'"$RESOLUTION"'"
}
}
}' | jq -r '.candidates[0].content.parts[0].inlineData.data' | base64 --decode > "$OUTPUT_FILE"
echo "✅ 4K 图片已保存: $OUTPUT_FILE"
