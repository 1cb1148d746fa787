API_KEY="sk-your-api-key"
INPUT_IMAGE="./dog.png"
PROMPT="增加一只帅气的猫咪在狗狗的旁边"
ASPECT_RATIO="16:9"
OUTPUT_FILE="edited_$(date +%Y%m%d_%H%M%S).png"
# 编码图片
IMG_BASE64=$(base64 -i "$INPUT_IMAGE")
# 发送请求并保存
curl -X POST "https://api.apiyi.com/v1beta/models/gemini-2.5-flash-image:generateContent" \
-H "Authorization: Bearer $API_KEY" \
-H "Content-Type: application/json" \
-d '{
"contents": [{
"parts": [
{"text": "'"$PROMPT"'"},
{"inline_data": {"mime_type": "image/png", "data": "'"$IMG_BASE64"'"}}
]
}],
"generationConfig": {
"responseModalities": ["IMAGE"],
"imageConfig": {"aspectRatio": "'"$ASPECT_RATIO"'"}
}
}' | jq -r '.candidates[0].content.parts[0].inlineData.data' | base64 --decode > "$OUTPUT_FILE"
echo "✅ 图片已保存: $OUTPUT_FILE"
