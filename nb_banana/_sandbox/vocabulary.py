# ruff: noqa: E501
# fmt: off
"""The words the sandbox knows, English and Chinese side by side: data only.

Rules of this file: one row is one meaning, `(kind, value, "english|terms", "中文|词语")`; both languages
stand in the same row, so that an English and a Chinese wording cannot drift apart. Terms are matched
longest first and never overlap, so a phrase ("golden hour") hides the words inside it ("gold").
English terms match whole words with an optional plural; Chinese terms match anywhere.
"""

from __future__ import annotations

Row = tuple[str, str, str, str]

# What a clause does with the things it names.
VERBS: tuple[Row, ...] = (
    ("verb", "add", "add|adding|added|insert|include|including a|put|place|give|wear|wearing|draw|attach|append",
     "增加|添加|加上|加入|加一|加个|放上|放一|戴上|戴一|佩戴|画上|画一|插入|添上|增添"),
    ("verb", "remove", "remove|removing|delete|erase|get rid of|take away|take out|cut out|clean up|eliminate|wipe out",
     "去掉|去除|移除|删除|删掉|擦除|抹去|消除|抠掉|清除|除去"),
    ("verb", "change", "change|changing|replace|swap|turn|make|convert|transform|recolor|recolour|dye|paint|switch|set"
     "|modify|adjust|edit|alter|redraw|render|apply|create|use|give it|restyle",
     "改变|更改|改为|改成|改|换成|换为|替换|更换|换|变成|变为|变|转换|转化|转为|转成|染成|染|涂成|设为|调整|修改|应用|制作|生成|使用"),
    ("verb", "keep", "keep|keeping|preserve|preserving|maintain|maintaining|retain|leave|hold|match|matching|integrate",
     "保持|保留|维持|别动|不要动"),
    ("verb", "write", "write|writing|text|caption|title|headline|slogan|lettering|says|saying|reads|reading|word|words"
     "|label|inscription|sign|subtitle|typography|print",
     "文字|写上|写着|写|字样|标题|题字|标语|印上|印着|字幕|文案|口号|招牌|标签"),
    ("unchanged", "", "unchanged|untouched|as it is|as is|as they are|the same|intact", "不变|原样|不动|一致|协调"),
    ("not", "", "no|not|don't|dont|do not|without|never|avoid|instead of|rather than|exclude|excluding",
     "不要|不需要|不能|不得|没有|别|勿|无需|而不是|而非|避免|不改|不加"),
    ("keepall", "", "everything else|all else|the rest|other elements|nothing else|fill the place|fill in|what would be behind", "自然补全|补全|其他部分|其余部分|其他|其余|其它"),
)

BREAKS: tuple[Row, ...] = (
    ("break", "hard", "", "。|；|！|？"),
    ("break", "soft", "and|then|but|also|plus|while|finally|next|as well as", "，|、|和|并且|并|然后|同时|再|以及|但是|但|最后|接着|而且"),
    ("break", "or", "or|nor", "或者|或"),
)

# Things a clause can be about.
MARKERS: tuple[Row, ...] = (
    ("about", "background", "background|backdrop|behind|surroundings|scenery|scene|landscape|environment|setting",
     "背景|后面|场景|风景|风光|环境|身后"),
    ("about", "subject", "subject|person|man|woman|people|boy|girl|he|she|him|her|them|product|object|car|sofa|couch|dress"
     "|face|portrait|model|chair|cup|mug|wall|item",
     "主体|人物|人|男人|女人|男孩|女孩|他|她|产品|商品|物体|汽车|车|沙发|裙子|脸|模特|椅子|杯子|墙"),
    ("about", "inputs", "image|picture|photo|photograph|photos|these", "图片|照片|图像|图|这些"),
    ("part", "hair", "hair|hairstyle|haircut", "头发|发色|发型|毛发"),
    ("part", "clothes", "clothe|clothing|shirt|jacket|suit|outfit|sweater|t-shirt|coat", "衣服|衬衫|外套|西装|毛衣|上衣"),
    ("part", "sky", "sky|skies", "天空"),
    ("part", "text", "watermark|logo text|letters|existing text|stamp|date stamp", "水印|日期戳|角标"),
    ("where", "left", "on the left|from the left|left side|to the left|left corner|left", "左侧|左边|左上|左下|左"),
    ("where", "right", "on the right|from the right|right side|to the right|right corner|right", "右侧|右边|右上|右下|右"),
    ("where", "top", "at the top|on top|above|upper|overhead", "顶部|上方|上端"),
    ("where", "bottom", "at the bottom|below|lower", "底部|下方|下端"),
)

COLOURS: tuple[Row, ...] = (
    ("colour", "red", "red|crimson|scarlet", "红色|大红|红"),
    ("colour", "orange", "orange", "橙色|橘色|橙"),
    ("colour", "yellow", "yellow", "黄色|黄"),
    ("colour", "green", "green|emerald", "绿色|翠绿|绿"),
    ("colour", "teal", "teal|turquoise|cyan|mint", "青色|蓝绿色|薄荷色|青"),
    ("colour", "blue", "blue|navy|azure", "蓝色|藏青|蓝"),
    ("colour", "purple", "purple|violet|lavender", "紫色|紫"),
    ("colour", "pink", "pink|magenta|rose", "粉色|粉红色|粉红|玫红"),
    ("colour", "brown", "brown|tan|chestnut|caramel", "棕色|褐色|咖啡色|棕"),
    ("colour", "black", "black", "黑色"),
    ("colour", "white", "white", "白色|纯白|白底"),
    ("colour", "gray", "gray|grey", "灰色|灰"),
    ("colour", "gold", "gold|golden|blonde|blond", "金色|金黄色|金发"),
    ("colour", "silver", "silver", "银色|银白色"),
)

SCENES: tuple[Row, ...] = (
    ("scene", "sunset", "sunset|sundown|dusk|sunset sky|sunset landscape|sunset beach", "日落|夕阳|黄昏|晚霞|落日|日落海滩"),
    ("scene", "forest", "forest|wood|woods|woodland|jungle|rainforest", "森林|树林|丛林|林间"),
    ("scene", "ocean", "ocean|sea|seaside|beach|coast|seashore|blue ocean", "海洋|大海|海边|海滩|沙滩|海岸|海面|海景"),
    ("scene", "office", "office|modern office|workplace|meeting room|conference room", "办公室|现代办公室|会议室|写字楼"),
    ("scene", "city", "city|cityscape|skyline|downtown|street|urban|city street|city skyline", "城市|都市|街道|街头|天际线|市区"),
    ("scene", "snow", "snowy mountain|snow mountain|snowfield|snowy landscape|snowy field|snow scene|ski slope",
     "雪山|雪地|雪景|雪原"),
    ("scene", "space", "space|outer space|galaxy|cosmos|universe|nebula|deep space", "太空|宇宙|银河|星空|星系|星云"),
    ("scene", "mountain", "mountain|mountain range|alps|valley|hills", "山脉|群山|高山|大山|山谷|山"),
    ("scene", "desert", "desert|dune|sand dune", "沙漠|沙丘|戈壁"),
    ("scene", "meadow", "meadow|field|grassland|garden|park|lawn|countryside|prairie", "草地|草原|田野|花园|公园|草坪|乡村"),
    ("scene", "studio", "studio|photo studio|studio backdrop", "摄影棚|影棚|工作室"),
    ("scene", "room", "living room|room|kitchen|cafe|café|coffee shop|bedroom|indoor|indoors|home|restaurant|library",
     "客厅|房间|厨房|咖啡馆|咖啡厅|卧室|室内|餐厅|图书馆|家里|家中"),
    ("scene", "soft", "soft background|softened background|gentle background|pastel background|dreamy background",
     "柔和背景|柔和的背景|背景柔和|背景要柔和|梦幻背景"),
    ("scene", "transparent", "transparent|transparency|transparent background|alpha channel|no background|without background"
     "|without a background", "透明|透明背景|透明底|抠图|无背景|没有背景|去背景|去底|去背"),
)

OBJECTS: tuple[Row, ...] = (
    ("object", "kitten", "kitten|kitty|little cat|small cat|baby cat|cute cat", "小猫|小猫咪|可爱猫咪|可爱的猫咪|幼猫|可爱的小猫|可爱的猫"),
    ("object", "cat", "cat|handsome cat", "猫咪|猫|帅气的猫咪|喵星人"),
    ("object", "corgi", "corgi|corgi dog|corgi puppy", "柯基|柯基犬|柯基狗"),
    ("object", "dog", "dog|puppy|doggy|husky|labrador", "狗狗|小狗|狗|犬|汪星人"),
    ("object", "animal", "animal|cute animal|pet|creature|bear|teddy bear|panda|fox|little animal",
     "动物|小动物|可爱的动物|可爱的小动物|宠物|小熊|熊猫|熊|狐狸"),
    ("object", "rabbit", "rabbit|bunny", "兔子|小兔|兔"),
    ("object", "sunglasses", "sunglasses|sunglass|glasses|shades|spectacles|eyeglasses", "墨镜|太阳镜|太阳眼镜|眼镜"),
    ("object", "hat", "hat|cap|top hat|cowboy hat|straw hat|beret", "帽子|礼帽|草帽|牛仔帽|帽"),
    ("object", "crown", "crown|tiara", "皇冠|王冠"),
    ("object", "scarf", "scarf|tie|bow tie|bowtie", "围巾|领带|领结"),
    ("object", "boat", "boat|sailboat|ship|yacht", "帆船|小船|船|轮船|游艇"),
    ("object", "balloon", "balloon|hot air balloon", "气球|热气球"),
    ("object", "bird", "bird|seagull|dove|sparrow", "小鸟|鸟|海鸥|鸽子"),
    ("object", "butterfly", "butterfly|butterflies", "蝴蝶"),
    ("object", "fish", "fish|goldfish", "金鱼|小鱼|鱼"),
    ("object", "tree", "tree|pine tree|palm tree|palm", "大树|小树|树木|松树|棕榈树|椰子树|树"),
    ("object", "flower", "flower|blossom|tulip|sunflower|bouquet|daisy|daisies", "花朵|鲜花|花束|郁金香|向日葵|小花|花"),
    ("object", "sun", "sun|sunshine", "太阳"),
    ("object", "moon", "moon|full moon|crescent", "月亮|满月|明月|月"),
    ("object", "star", "star|starry sky|starry|starry night", "星星|繁星|星光"),
    ("object", "cloud", "cloud", "云朵|白云|云"),
    ("object", "heart", "heart", "爱心|心形|红心"),
    ("object", "banana", "banana|nano banana", "香蕉"),
    ("object", "apple", "apple|fruit", "苹果|水果"),
    ("object", "cup", "cup of coffee|coffee cup|cup of tea|coffee|latte", "咖啡杯|一杯咖啡|咖啡|茶杯"),
    ("object", "cake", "cake|birthday cake|cupcake", "蛋糕|生日蛋糕"),
    ("object", "gift", "gift|present|gift box", "礼物|礼盒"),
    ("object", "house", "house|cottage|cabin", "房子|小屋|木屋|房屋"),
    ("object", "car", "a car|red car|sports car|truck|taxi", "一辆车|一辆汽车|轿车|跑车|卡车|小汽车"),
    ("object", "robot", "robot|android", "机器人"),
    ("object", "person", "person standing|astronaut|a person|a man|a woman|a girl|a boy|a child|another person",
     "宇航员|一个人|一位女士|一位男士|一个女孩|一个男孩|一个孩子"),
    ("object", "umbrella", "umbrella|parasol", "雨伞|遮阳伞|伞"),
    ("object", "bicycle", "bicycle|bike", "自行车|单车"),
    ("object", "plane", "airplane|plane|aeroplane|aircraft", "飞机"),
    ("object", "rocket", "rocket|spaceship|spacecraft", "火箭|飞船"),
)

LOOKS: tuple[Row, ...] = (
    ("light", "night", "night|nighttime|night time|night-time|nightfall|midnight|at night|evening|moonlit|nocturnal|night scene|dark night",
     "夜晚|夜间|夜景|黑夜|晚上|深夜|夜色|夜"),
    ("light", "day", "day|daytime|daylight|broad daylight|daytime photo|noon|sunny day", "白天|日间|白昼|正午|晴天"),
    ("light", "sun", "sunlight|sun ray|sunbeam|god ray|light ray|sunny|golden hour|backlight|backlit|rim light"
     "|sunlight effect|morning light|warm light|warm sunlight|dappled light",
     "阳光|阳光效果|光线效果|光束|逆光|黄金时刻|黄金时段|晨光|丁达尔|光芒|暖光"),
    ("light", "shadow", "light and shadow|dramatic lighting|dramatic light|chiaroscuro|dramatic shadow|shadow|custom light|side light"
     "|rembrandt lighting|moody lighting|moody light",
     "光影|戏剧性光影|阴影|侧光|明暗对比|光影效果"),
    ("light", "studio", "studio lighting|studio light|perfect lighting|professional lighting|softbox|soft lighting|soft light"
     "|high-end texture|premium look|premium feel",
     "完美照明|专业照明|影棚灯光|柔光|柔和光线|柔和的光线|高端质感|质感|布光"),
    ("focus", "background", "bokeh|bokeh effect|shallow depth of field|depth of field|blur the background|blurred background|blurry background"
     "|background blur|blur background|blur|blurred|blurry|defocus|out of focus|portrait mode",
     "背景虚化|虚化背景|虚化|散景|浅景深|景深|模糊背景|背景模糊|模糊|虚焦|焦外"),
    ("focus", "foreground", "focus to the foreground|focus on the foreground|foreground focus|focus on foreground|focus to foreground"
     "|foreground in focus|focus on the front|tilt-shift|tilt shift|adjust focus|refocus|change focus|change the focus|foreground",
     "焦点到前景|聚焦前景|对焦前景|前景对焦|焦点调整到前景|焦点对准前景|前景清晰|前景焦点|移轴|前景|调整焦点|焦点|对焦|聚焦"),
    ("grade", "cinematic", "cinematic|cinematic color grading|cinematic colour grading|film-grade|film grade|movie look|hollywood|color grading"
     "|colour grading|color grade|colour grade|teal and orange|cinema|movie still|film look",
     "电影级|电影级色彩|电影级色彩分级|电影感|电影质感|电影色调|电影|色彩分级|调色|影院级|大片"),
    ("grade", "warm", "warm|warmer|warm tone|warm color|warm colour|warmth|cozy|cosy|golden tone|warm atmosphere",
     "暖色|暖色调|暖调|温暖|温馨|暖"),
    ("grade", "cool", "cool tone|cool|cooler|cold tone|cold|cool color|cool colour|blue tone|icy", "冷色|冷色调|冷调|清冷|蓝调"),
    ("grade", "vintage", "vintage|retro|nostalgic|sepia|old film|polaroid|faded|film photo|1970s|1980s|70s|80s|analog",
     "复古|怀旧|老照片风格|做旧|胶片|泛黄|老电影|年代感"),
    ("grade", "mono", "black and white|black-and-white|black & white|monochrome|grayscale|greyscale|b&w|noir", "黑白|单色|灰度|黑白照片"),
    ("grade", "contrast", "contrast|enhanced contrast|high contrast|more contrast|increase contrast|increased contrast|punchy",
     "对比度|增强对比|高对比|增强对比度|提高对比度|增强的对比度|反差"),
    ("grade", "bright", "brighter|bright|brighten|lighten|lighter|increase brightness|brightness|overexposed", "明亮|提亮|亮一点|更亮|亮度|调亮"),
    ("grade", "dark", "darker|darken|dim|underexposed", "调暗|更暗|暗一点|变暗"),
    ("grade", "vivid", "vivid|vibrant|saturated|colorful|colourful|saturation|more color|rich color", "鲜艳|饱和度|色彩丰富|饱和|艳丽|多彩"),
    ("grade", "pastel", "pastel|soft color|muted|dreamy|japanese style photo|airy", "柔和色彩|清新|梦幻|小清新|日系|淡雅|马卡龙"),
    ("grade", "neon", "cyberpunk|neon|synthwave|vaporwave", "赛博朋克|霓虹|蒸汽波"),
    ("grade", "professional", "professional photography|professional photograph|professional photo|professional photographic work"
     "|professional-looking|into a photograph|into a photo|real photo|magazine quality|commercial photo|photorealistic",
     "真实照片|专业摄影|专业摄影作品|摄影作品|专业照片|杂志质感|写真"),
    ("style", "anime", "anime|cartoon|manga|comic|anime style|cartoon style|ghibli|pixar|disney|toon|animated", "动漫|卡通|漫画|动画|日漫|二次元|吉卜力|宫崎骏"),
    ("style", "sketch", "sketch|pencil|pencil drawing|line art|drawing style|line drawing|charcoal|hand-drawn", "素描|草图|铅笔画|线稿|速写|手绘|线描|炭笔"),
    ("style", "watercolour", "watercolor|watercolour|watercolor painting|watercolour painting|ink wash|aquarelle", "水彩|水彩画|水墨|水墨画|国画"),
    ("style", "oil", "oil painting|oil paint|oil|van gogh|impressionist|impressionism|painterly|monet|painting style|renaissance",
     "油画|梵高|印象派|莫奈|绘画风格"),
    ("style", "pixel", "pixel art|8-bit|8 bit|pixelated|pixelate|mosaic", "像素|像素风|像素画|像素艺术|马赛克"),
    ("style", "pop", "pop art|warhol|poster art|screen print|lichtenstein", "波普|波普艺术|版画"),
    ("camera", "birdseye", "bird's eye view|bird's-eye view|birds eye view|bird eye view|bird's eye|aerial view|aerial|top-down|top down|overhead view|drone view"
     "|from above|high angle", "鸟瞰|俯视|俯拍|鸟瞰图|航拍|鸟瞰视角|俯瞰|从上方"),
    ("camera", "low", "low angle|worm's eye view|worm's-eye view|from below|looking up", "仰视|仰拍|低角度"),
    ("camera", "left", "view from the left|left angle|turn left|rotate left|view from left", "左侧视角|向左转"),
    ("camera", "right", "camera angle|view from the right|right angle|side view|turn right|rotate right|perspective|another angle|different angle|side angle",
     "拍摄角度|摄像机角度|相机角度|机位|镜头角度|视角|侧面|右侧视角|透视|另一个角度"),
    ("camera", "zoom", "zoom in|zoom|close-up|closeup|close up|crop|crop in|magnify|tight shot|enlarge", "特写|放大|拉近|裁剪|近景|裁切"),
    ("camera", "wide", "zoom out|wide shot|wider|extend|expand|outpaint|outpainting|uncrop|wide-angle|wide angle|pull back|widen",
     "扩展|扩图|延伸|拉远|广角|全景|远景|缩小|扩展画面|外扩"),
    ("camera", "mirror", "flip|mirror|flip horizontally|mirrored|mirror image", "翻转|镜像|水平翻转"),
    ("poster", "product", "poster|product poster|commercial poster|advertisement|advertising|ad campaign|product shot|product photo|hero shot"
     "|promotional|billboard|e-commerce|banner|commercial",
     "海报|商业海报|产品海报|广告|宣传图|产品图|主图|电商|宣传|商业"),
    ("repair", "enhance", "enhance|enhance details|improve|restore|repair|fix|enhance quality|quality|upscale|hd|high definition|retouch|denoise|restoration"
     "|clean|noise|scratches|4k quality|beautify|colorize",
     "增强|修复|提升画质|画质|高清|美化|优化|修饰|去噪|降噪|还原|瑕疵|增强细节|细节|修图|老照片修复|超清|划痕|质量"),
    ("repair", "sharpen", "sharpen|sharper|sharpness|crisp|crisper|deblur|clearer|clarity", "锐化|更清晰|变清晰|锐利|清晰度|清晰"),
    ("weather", "storm", "stormy|storm|stormy sky|thunderstorm|dark clouds|overcast|lightning|gloomy sky|dramatic sky|thunder", "暴风雨|乌云|雷雨|阴天|闪电|风暴|雷电|阴沉"),
    ("weather", "fog", "fog|foggy|mist|misty|haze|hazy|smoke", "雾|大雾|薄雾|迷雾|雾气|朦胧|烟雾"),
    ("weather", "rain", "rain|rainy|raining|rainfall|rain drops|raindrops|drizzle", "下雨|雨天|雨水|雨滴|雨景|细雨|雨"),
    ("weather", "snow", "snow|snowing|snowfall|snowflake|falling snow|snowy|it snow", "下雪|雪花|飘雪|降雪|雪天|雪"),
    ("weather", "rainbow", "rainbow", "彩虹"),
    ("season", "spring", "spring|springtime|cherry blossom|sakura|spring scene", "春天|春季|樱花|春日"),
    ("season", "summer", "summer|summertime|summer scene", "夏天|夏季|夏日"),
    ("season", "autumn", "autumn|fall season|in the fall|autumn leaves|autumnal|fall colors|fall colours|fall foliage", "秋天|秋季|秋日|秋色|枫叶|落叶"),
    ("season", "winter", "winter|wintertime|wintry|winter scene", "冬天|冬季|冬日|寒冬"),
    ("compose", "team", "team photo|team|group photo|group picture|group portrait|group shot|class photo|business team|team portrait|office team",
     "团队照片|团队照|团队|合影|集体照|合照|团体照"),
    ("compose", "family", "family|family photo|family mood|family atmosphere|family portrait|homely", "家庭|家庭氛围|全家福|家人|亲情"),
    ("compose", "collage", "combine|collage|merge|montage|stitch|blend|combine these|composite|compose|side by side|together|join|mix|fuse|grid|compare",
     "合成|合并|拼接|拼图|组合|融合|结合|拼贴|拼在一起|并排|对比图|放在一起"),
    ("compose", "logos", "logo|logos|these two logos|brand mark|emblem|icon", "标志|徽标|商标|图标|logo"),
    ("compose", "insert", "of image 1|of the first image|from image 1|from the first image|into image 2|into the second image|on image 2"
     "|onto image 2|into the second|onto the second|image 2 as background|second image as background|second image as the background"
     "|background of image 2|background of the second",
     "第一张图里的|第一张图中的|第一张图片中的|第一张图片里的|放到第二张|放进第二张|放入第二张|以第二张为背景|第二张图作为背景|第二张作为背景|放在第二张"),
)

TABLE: tuple[Row, ...] = (*VERBS, *BREAKS, *MARKERS, *COLOURS, *SCENES, *OBJECTS, *LOOKS)

NUMBERS: dict[str, int] = {
    "two": 2, "2": 2, "a pair of": 2, "couple of": 2, "两": 2, "二": 2, "三": 3, "three": 3, "3": 3,
    "some": 3, "several": 3, "many": 4, "一些": 3, "几": 3, "许多": 4, "很多": 4, "四": 4, "four": 4, "4": 4,
    "五": 5, "five": 5, "5": 5,
}

RGB: dict[str, tuple[int, int, int]] = {
    "red": (206, 52, 52), "orange": (238, 136, 48), "yellow": (246, 205, 70), "green": (74, 160, 88),
    "teal": (48, 164, 164), "blue": (52, 104, 214), "purple": (132, 82, 190), "pink": (236, 120, 170),
    "brown": (132, 84, 52), "black": (38, 38, 44), "white": (246, 246, 244), "gray": (138, 142, 148),
    "gold": (222, 176, 76), "silver": (194, 200, 208),
}
