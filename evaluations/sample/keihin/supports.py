"""What the nation gives: regulatory measures, and projects with tax relief or a loan."""

from evaluations.form.contents import Measure, NationalSupport, Relation
from evaluations.keys import TargetKey
from evaluations.sample.keihin.targets import DATA_PROJECTS, NEW_BUSINESSES
from evaluations.sample.keihin.zone import KAWASAKI


def _measure(name: str, *targets: TargetKey, note: str = "") -> tuple[str, Relation, str]:
    return name, Relation(all_targets=not targets, targets=targets), note


_FEASIBLE = (
    _measure("特定健康診査・特定保健指導に係る特例措置", DATA_PROJECTS),
    _measure(
        "外国貨物の展示に係る措置",
        note="展示会の主催者に制度を案内している。",
    ),
    _measure(
        "医療機関におけるユビキタスセンサを用いた保険点数外の予防医療の実施",
        DATA_PROJECTS,
    ),
    _measure(
        "自由診療として医療機器の導入、検査・診断サービスを実施する関連企業が実施医療機関への支援の実施",
        NEW_BUSINESSES,
    ),
    _measure(
        "医療機器（手術シミュレータ）の承認手続に係る規制の特例措置"
        "（1. 第三者認証による認証、2. 紙媒体以外での添付文書の活用）",
        NEW_BUSINESSES,
    ),
    _measure(
        "医療機器（超音波画像装置）の承認手続に係る規制の特例措置"
        "（モニタ部分を汎用コンピュータのディスプレイ装置での代替）",
        NEW_BUSINESSES,
    ),
    _measure(
        "ある一定の基準を満たす臨床研究結果の薬事承認申請時における取扱いに関する提案",
        NEW_BUSINESSES,
    ),
    _measure("PET検査用医薬品を効率的に供給するための制度の構築", NEW_BUSINESSES),
    _measure(
        "京浜臨海部ライフイノベーション国際戦略総合特区での開発医薬品の薬事法における"
        "「希少疾病外優先審査品目」に指定する規制緩和",
        NEW_BUSINESSES,
    ),
    _measure("サプリメント（一般健康食品）の機能性表示の緩和", DATA_PROJECTS),
    _measure("医薬品等の広告規制の緩和について", NEW_BUSINESSES),
)


def measures(*, used: bool | None) -> tuple[Measure, ...]:
    """The measures that talks with the nation found feasible."""
    return tuple(
        Measure(kind="feasible", name=name, relation=relation, used=used, note=note)
        for name, relation, note in _FEASIBLE
    )


def regenerative_medicine(usage: str) -> NationalSupport:
    return NationalSupport(
        kind="tax",
        name="再生医療等製品の研究開発事業",
        outline=(
            "iPS細胞から作った心臓の筋肉の細胞を移植し、重い心臓病の治療に役立てるための研究開発である。"
            "細胞を安定して作る方法や、移植に用いる器具の改良も併せて進める。"
        ),
        usage=usage,
        municipality=KAWASAKI,
    )


def peptide_medicine(usage: str) -> NationalSupport:
    return NationalSupport(
        kind="tax",
        name="特殊環状ペプチドを基にした医薬品等の研究開発促進事業",
        outline=(
            "輪の形をした特殊なペプチドから薬の候補を見いだし、初期の臨床試験まで進める事業である。"
            "これまで治療薬を作ることが難しかった病気に、新しい選択肢を示すことを目指す。"
        ),
        usage=usage,
        municipality=KAWASAKI,
    )


def cell_therapy(usage: str) -> NationalSupport:
    return NationalSupport(
        kind="loan",
        name="ニーズ主導のマッチングによるベンチャー企業等の創出、産業化に関する事業",
        outline=(
            "心不全など、今ある治療だけでは十分な効果が得られない病気に対し、細胞を用いた治療法を開発する事業である。"
            "現場の要望と技術との橋渡しにより、開発を担う新しい企業を育てる。"
        ),
        usage=usage,
        municipality=KAWASAKI,
    )
