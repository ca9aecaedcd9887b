"""Ideographs: how often two-byte characters stand on pages, for guessing charsets."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

_PUNCTUATION = frozenset(
    "\u3001\u3002\u30fb\uff0c\uff1a\uff1f\uff01\uff08\uff09\u300c\u300d\u3000"
)
_KANA = -5.0
_NO_KANA = -11.0  # outside Japanese
_USUAL = -8.8
_ODD = -13.0
_COMMON_SHARE = 0.55


@dataclass(frozen=True, slots=True)
class Ideographs:
    """Characters of a language: the commonest, and which others are usual at all.

    Args:
        languages: Primary tags.
        common: The commonest characters.
        usual: Lead bytes of what schools teach, in the charset most pages have.
    """

    languages: frozenset[str]
    common: frozenset[str]
    usual: range

    def weight(self, character: str, lead: int) -> float:
        """Return the logarithm of a character's share."""
        if "\u3040" <= character <= "\u30ff":
            return _KANA if "ja" in self.languages else _NO_KANA
        if character in _PUNCTUATION:
            return _KANA
        if character in self.common:
            return log(_COMMON_SHARE / len(self.common))
        return _USUAL if lead in self.usual else _ODD


SIMPLIFIED = Ideographs(
    frozenset({"zh"}),
    frozenset(
        "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会"
        "自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手"
        "十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把"
        "法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什"
        "打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军"
        "产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安"
        "表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任"
        "至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃"
        "义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留"
        "红治决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基"
        "派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广"
        "改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落"
        "视济喜离虽坏兴税测试费律"
    ),
    range(0xB0, 0xD8),
)
TRADITIONAL = Ideographs(
    frozenset({"zh"}),
    frozenset(
        "的一是不了在人有我他這中大來上個國到說們為子和你地出道也時年得就那要下以生會"
        "自著去之過家學對可裡後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手"
        "十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把"
        "法此實回二理美點月明其種聲全工己話兒者向情部正名定女問力機給等幾很業最間新什"
        "打便位因重被走電四第門相次東政海口使教西再平真聽世氣信北少關並內加化由卻代軍"
        "產入先山五太水萬市眼體別處總才場師書比住員九性通目華報立馬命活難神數件安表原"
        "車白應路期叫死常提感金何更反合放做系計或司利受光王果親界及今京務制解各任至清"
        "物台象記邊共風戰接它許八特覺望直服林題建南度統色字請交愛讓認算論百義科元社術"
        "結六功指思非流每青管遠資隊帶花快條院變聯言權往展該領傳近留紅治決周保達辦運半"
        "候七必城父強步完革深區即求品士轉量空眾技輕程告江語英基式息寫識極令黃德收臉錢"
        "黨未持取設始版雙歷史商千片容研像找友站廣改議形委早房音際則首單據導影失網香專"
        "石校讀志觀爭究包組造視濟離興稅測試費律臺灣"
    ),
    range(0xA4, 0xC7),
)
KANJI = Ideographs(
    frozenset({"ja"}),
    frozenset(
        "日一国人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来"
        "気小七山話女北午百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左"
        "休父雨会同事自社発者地業方新場員立開手力問代明動京目通言理体田主題意不作用度"
        "強公持野以思家世多正安院心界教文元重近考画海売知道集別物使品計死特私始朝運終"
        "台広住真有口少町料工建空急止送切転研足究楽起着店病質待試族銀早映親験英医仕去"
        "味写字答夜音注帰古歌買悪図週室歩風紙黒花春赤青館屋色走秋夏習駅洋旅服夕借曜飲"
        "肉貸堂鳥飯勉冬昼茶弟牛魚兄犬妹姉漢政府税法案約総党選挙議民市県区役所省庁関係"
        "対策情報技術経済部門決定予調査結果必要可能性平成令和制限保険産企務内容律申請"
    ),
    range(0xB0, 0xD0),
)
KANJI_SHIFTED = Ideographs(KANJI.languages, KANJI.common, range(0x88, 0x99))
HANGUL = Ideographs(
    frozenset({"ko"}),
    frozenset(
        "이다는의에고가을하사기지은로한도리자어나스대서인시아그를수있전들해일부라주정"
        "보만여구원장제과상으국오비마소조우성트것었공게신선방니않동경연미무유위관모드"
        "면적음거분문영세용생때안교중물실행계발치년회개당재통업요저체명차화바같습말금"
        "내복작단임양민결진반번학력설강심크집했외더후법호간확할험역르노절출려데직감접"
        "표속품된달운두최형불권터피산추처준판천포높월현입환각박론건종료병식색알북질독"
        "책친약본축급군점청초람남범망프배술류키컴등록"
    ),
    range(0xB0, 0xC9),
)
