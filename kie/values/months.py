# ruff: noqa: RUF001 (letters of other alphabets are meant)
"""Names of the months in the languages of Europe, with their cases and abbreviations."""

from __future__ import annotations

from kie.folding import squeeze

_NAMES = {
    "en": "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|"
    "september sep sept|october oct|november nov|december dec",
    "de": "januar jan jänner|februar feb feber|märz mär mrz maerz|april apr|mai|juni jun|juli jul|"
    "august aug|september sep sept|oktober okt|november nov|dezember dez",
    "fr": "janvier janv jan|février févr fév|mars|avril avr|mai|juin|juillet juil|août aout|"
    "septembre sept|octobre oct|novembre nov|décembre déc",
    "es": "enero ene|febrero feb|marzo mar|abril abr|mayo may|junio jun|julio jul|agosto ago|"
    "septiembre setiembre sep set|octubre oct|noviembre nov|diciembre dic",
    "it": "gennaio gen|febbraio feb|marzo mar|aprile apr|maggio mag|giugno giu|luglio lug|"
    "agosto ago|settembre set|ottobre ott|novembre nov|dicembre dic",
    "pt": "janeiro jan|fevereiro fev|março mar|abril abr|maio mai|junho jun|julho jul|agosto ago|"
    "setembro set|outubro out|novembro nov|dezembro dez",
    "nl": "januari jan|februari feb|maart mrt|april apr|mei|juni jun|juli jul|augustus aug|"
    "september sep|oktober okt|november nov|december dec",
    "pl": "styczeń stycznia sty|luty lutego lut|marzec marca mar|kwiecień kwietnia kwi|maj maja|"
    "czerwiec czerwca cze|lipiec lipca lip|sierpień sierpnia sie|wrzesień września wrz|"
    "październik października paź|listopad listopada lis|grudzień grudnia gru",
    "cs": "leden ledna led|únor února úno|březen března bře|duben dubna dub|květen května kvě|"
    "červen června čvn|červenec července čvc|srpen srpna srp|září zář|říjen října říj|"
    "listopad listopadu lis|prosinec prosince pro",
    "sk": "január januára|február februára|marec marca|apríl apríla|máj mája|jún júna|júl júla|"
    "august augusta|september septembra|október októbra|november novembra|december decembra",
    "sv": "januari jan|februari feb|mars mar|april apr|maj|juni jun|juli jul|augusti aug|"
    "september sep|oktober okt|november nov|december dec",
    "da": "januar jan|februar feb|marts mar|april apr|maj|juni jun|juli jul|august aug|"
    "september sep|oktober okt|november nov|december dec",
    "no": "januar jan|februar feb|mars mar|april apr|mai|juni jun|juli jul|august aug|"
    "september sep|oktober okt|november nov|desember des",
    "fi": "tammikuu tammikuuta tammi|helmikuu helmikuuta helmi|maaliskuu maaliskuuta maalis|"
    "huhtikuu huhtikuuta huhti|toukokuu toukokuuta touko|kesäkuu kesäkuuta kesä|"
    "heinäkuu heinäkuuta heinä|elokuu elokuuta elo|syyskuu syyskuuta syys|"
    "lokakuu lokakuuta loka|marraskuu marraskuuta marras|joulukuu joulukuuta joulu",
    "tr": "ocak oca|şubat şub|mart mar|nisan nis|mayıs may|haziran haz|temmuz tem|ağustos ağu|"
    "eylül eyl|ekim eki|kasım kas|aralık ara",
    "ro": "ianuarie ian|februarie feb|martie mar|aprilie apr|mai|iunie iun|iulie iul|august aug|"
    "septembrie sept|octombrie oct|noiembrie noi|decembrie dec",
    "hu": "január jan|február feb|március márc|április ápr|május máj|június jún|július júl|"
    "augusztus aug|szeptember szept|október okt|november nov|december dec",
    "hr": "siječanj siječnja|veljača veljače|ožujak ožujka|travanj travnja|svibanj svibnja|"
    "lipanj lipnja|srpanj srpnja|kolovoz kolovoza|rujan rujna|listopad listopada|"
    "studeni studenoga|prosinac prosinca",
    "el": "ιανουάριος ιανουαρίου ιαν|φεβρουάριος φεβρουαρίου φεβ|μάρτιος μαρτίου μαρ|"
    "απρίλιος απριλίου απρ|μάιος μαΐου μαι|ιούνιος ιουνίου ιουν|ιούλιος ιουλίου ιουλ|"
    "αύγουστος αυγούστου αυγ|σεπτέμβριος σεπτεμβρίου σεπ|οκτώβριος οκτωβρίου οκτ|"
    "νοέμβριος νοεμβρίου νοε|δεκέμβριος δεκεμβρίου δεκ",
    "ru": "январь января янв|февраль февраля фев|март марта мар|апрель апреля апр|май мая|"
    "июнь июня июн|июль июля июл|август августа авг|сентябрь сентября сен|"
    "октябрь октября окт|ноябрь ноября ноя|декабрь декабря дек",
    "uk": "січень січня|лютий лютого|березень березня|квітень квітня|травень травня|"
    "червень червня|липень липня|серпень серпня|вересень вересня|жовтень жовтня|"
    "листопад листопада|грудень грудня",
    "bg": "януари|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември",
}


def _table() -> dict[str, int]:
    """Squeezed names to months; names of different months in different languages are left out."""
    found: dict[str, set[int]] = {}
    for names in _NAMES.values():
        for month, spellings in enumerate(names.split("|"), start=1):
            for spelling in spellings.split():
                found.setdefault(squeeze(spelling), set()).add(month)
    # "listopad" is November in Polish and Czech, October in Croatian; two languages against one.
    return {name: max(months) for name, months in found.items() if len(months) == 1} | {
        "listopad": 11,
        "listopada": 11,
        "lipca": 7,
        "mar": 3,
        "srp": 8,
    }


MONTHS = _table()
"""Squeezed names (see `kie.folding.squeeze`) of the months 1 to 12."""
