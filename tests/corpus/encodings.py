"""Vietnamese as fonts before Unicode kept it: TCVN3 (fonts named .Vn…) and VNI (fonts named VNI-…)."""

_LETTERS = (
    "à ả ã á ạ ă ằ ẳ ẵ ắ ặ â ầ ẩ ẫ ấ ậ đ è ẻ ẽ é ẹ ê ề ể ễ ế ệ ì ỉ ĩ í ị ò ỏ õ ó ọ ô ồ ổ ỗ ố ộ "
    "ơ ờ ở ỡ ớ ợ ù ủ ũ ú ụ ư ừ ử ữ ứ ự ỳ ỷ ỹ ý ỵ Ă Â Đ Ê Ô Ơ Ư"
)
_TCVN3 = (
    "µ ¶ · ¸ ¹ ¨ » ¼ ½ ¾ Æ © Ç È É Ê Ë ® Ì Î Ï Ð Ñ ª Ò Ó Ô Õ Ö × Ø Ü Ý Þ ß á â ã ä « å æ ç è é "
    "¬ ê ë ì í î ï ñ ò ó ô \xad õ ö ÷ ø ù ú û ü ý þ ¡ ¢ § £ ¤ ¥ ¦"
)
_VNI = (
    "aø aû aõ aù aï aê aè aú aü aé aë aâ aà aå aã aá aä ñ eø eû eõ eù eï eâ eà eå eã eá eä ì æ ó í ò oø oû oõ "
    "où oï oâ oà oå oã oá oä ô ôø ôû ôõ ôù ôï uø uû uõ uù uï ö öø öû öõ öù öï yø yû yõ yù î AÊ AÂ Ñ EÂ OÂ Ô Ö"
)
TCVN3 = dict(zip(_LETTERS.split(), _TCVN3.split(" "), strict=True))
VNI = dict(zip(_LETTERS.split(), _VNI.split(), strict=True))


def encoded(text: str, table: dict[str, str]) -> str:
    """The text as it stands in a cell with one of these fonts; a capital with a tone mark becomes a small letter.

    >>> encoded("Cộng hoà xã hội", TCVN3), encoded("Chúng em", VNI)
    ('Céng hoµ x· héi', 'Chuùng em')
    """
    return "".join(table.get(letter) or table.get(letter.lower(), letter) for letter in text)
