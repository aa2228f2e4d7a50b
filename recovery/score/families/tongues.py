# ruff: noqa: RUF001 (full-width forms are meant: they are Chinese and Japanese)
"""Sentences in Chinese, Japanese, Arabic and Hebrew, made of own word lists."""

from __future__ import annotations

from random import Random

_LISTS: dict[str, dict[str, tuple[str, ...]]] = {
    "zh": {
        "noun": (
            "市场", "报告", "工程", "设备", "水库", "学校", "图书馆", "项目", "预算", "车站",
            "仓库", "合同", "委员会", "居民", "样本", "温度", "港口", "网络", "材料", "交通",
        ),
        "verb": ("提高", "影响", "支持", "反映", "改善", "限制", "促进", "说明", "覆盖", "超过"),
        "adj": ("新的", "北部", "年度", "公共", "主要", "地区", "早期", "长期", "小型", "稳定的"),
        "adv": ("逐步", "明显", "进一步", "基本", "普遍", "及时", "共同", "适当"),
        "name": ("陈立", "王晓明", "李文", "赵东", "周敏", "孙海", "林静", "郭强"),
        "place": ("南山镇", "清河县", "东林市", "海湾区", "石桥乡", "长岭市"),
    },
    "ja": {
        "noun": (
            "市場", "報告書", "設備", "図書館", "予算", "駅前広場", "委員会", "住民", "温度",
            "会議", "工事", "申込書", "施設", "資料", "地域", "計画", "調査", "道路",
        ),
        "verb": ("改善する", "確認する", "実施する", "支える", "検討する", "公開する", "見直す"),
        "adj": ("新しい", "大きな", "主な", "北部の", "小さな", "静かな", "安定した"),
        "adv": ("順次", "一般に", "とくに", "さらに", "今後", "ほぼ"),
        "name": ("佐藤", "鈴木", "高橋", "田中", "伊藤", "山本", "中村"),
        "place": ("緑町", "南川市", "松原区", "白浜町", "東野市"),
    },
    "ar": {
        "noun": (
            "التقرير", "المشروع", "السوق", "المكتبة", "الميناء", "المدرسة", "اللجنة", "الطريق",
            "المصنع", "المدينة", "العقد", "الاجتماع", "المحطة", "الموسم", "البرنامج",
        ),
        "verb": ("يوضح", "يدعم", "يتبع", "يصف", "يغطي", "يسبق", "يراجع", "يؤكد"),
        "adj": ("الجديد", "الكبير", "السنوي", "العام", "المحلي", "الشمالي", "القديم"),
        "adv": ("عادة", "غالبا", "بسرعة", "بوضوح", "كل عام", "في الربيع"),
        "name": ("سالم", "كريم", "ليلى", "نادر", "هدى", "يوسف"),
        "place": ("وادي النخيل", "رأس الخليج", "تل الورد", "عين الصفا"),
    },
    "he": {
        "noun": (
            "הדוח", "השוק", "הספרייה", "הנמל", "הוועדה", "הכביש", "התחנה", "התקציב", "המפעל",
            "העיר", "החוזה", "הישיבה", "התוכנית", "האזור", "המדידה",
        ),
        "verb": ("מראה", "תומך", "מתאר", "מכסה", "קודם", "משלים", "מאשר", "בודק"),
        "adj": ("החדש", "הגדול", "השנתי", "הציבורי", "המקומי", "הצפוני", "הישן"),
        "adv": ("בדרך כלל", "לאט", "כל שנה", "באביב", "שוב", "במהירות"),
        "name": ("לוי", "ברק", "שחר", "גולן", "אלמוג", "נבו"),
        "place": ("גבעת אורן", "נחל שקד", "רמת תמר", "עין אלון"),
    },
}  # fmt: skip
_PATTERNS: dict[str, tuple[str, ...]] = {
    "zh": (
        "{year}年，{place}的{noun}{adv}{verb}了{adj}{noun}。",
        "{adj}{noun}与{noun}相比，{adv}{verb}{percent}。",
        "根据{noun}的记录，{noun}{adv}{verb}{noun}，共计{number}项。",
        "{name}认为，{noun}可以{adv}{verb}{adj}{noun}和{noun}。",
        "因此，{place}将在{year}年之前{adv}{verb}{noun}。",
        "其中，{adj}{noun}占{percent}，{noun}占{percent}；其余为{adj}{noun}。",
    ),
    "ja": (
        "{year}年、{place}の{noun}は{adj}{noun}を{verb}ことにした。",
        "{adj}{noun}と{noun}は、{adv}{noun}を{verb}ものである。",
        "{noun}の結果、{noun}の{percent}が{adj}{noun}であった。",
        "{name}氏は{adv}{noun}を{verb}と述べた。",
        "{place}では{number}件の{noun}について、{adv}{noun}を{verb}。",
    ),
    "ar": (
        "{verb} {noun} {adj} {noun} {adv}.",
        "في عام {year} كان {noun} {adj} قرب {place}، {adv}.",
        "{noun} {adj} {verb} {noun} و{noun} بنسبة {percent} تقريبا.",
        "وقال {name} إن {noun} {verb} {noun} {adj} {adv}.",
        "بلغ عدد الزوار {number} زائر، وهذا {verb} {noun} {adj}.",
    ),
    "he": (
        "{noun} {adj} {verb} את {noun} {adj}, {adv}.",
        "בשנת {year} היה {noun} {adj} ליד {place}.",
        "{name} אמר כי {noun} {verb} את {noun} {adv}.",
        "כ־{number} מבקרים ראו את {noun} {adj} {adv}.",
        "{noun} {verb} כ־{percent} מן {noun} {adj}.",
    ),
}


class Tongue:
    """Prose in one of "zh", "ja", "ar", "he"."""

    def __init__(self, rng: Random, lang: str) -> None:
        self._rng, self._lang = rng, lang
        self._joiner = "" if lang in ("zh", "ja") else " "

    def word(self, kind: str) -> str:
        """A word of a kind: noun, verb, adj, adv, name or place."""
        return self._rng.choice(_LISTS[self._lang][kind])

    def sentence(self) -> str:
        """One sentence."""
        rest, parts = self._rng.choice(_PATTERNS[self._lang]), []
        while "{" in rest:
            before, _, rest = rest.partition("{")
            key, _, rest = rest.partition("}")
            parts += [before, self._slot(key)]
        return "".join([*parts, rest])

    def _slot(self, key: str) -> str:
        if key == "year":
            return str(self._rng.randint(1988, 2026))
        if key == "number":
            return str(self._rng.randint(12, 4800))
        if key == "percent":
            return f"{self._rng.randint(2, 96)}.{self._rng.randint(0, 9)}%"
        return self.word(key)

    def paragraph(self, least: int = 3, most: int = 5) -> str:
        """So many sentences."""
        count = self._rng.randint(least, most)
        return self._joiner.join(self.sentence() for _ in range(count))

    def heading(self) -> str:
        """A few words without a full stop."""
        if self._lang == "zh":
            return f"{self.word('noun')}与{self.word('adj').removesuffix('的')}{self.word('noun')}"
        if self._lang == "ja":
            return f"{self.word('adj')}{self.word('noun')}の{self.word('noun')}について"
        return f"{self.word('noun')} {self.word('adj')}"
