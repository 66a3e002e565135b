"""The region's own support schemes (別紙3), which go on from year to year."""

from dataclasses import replace

from evaluations.form.contents import Relation, Scheme
from evaluations.keys import TargetKey
from evaluations.sample.miura.targets import (
    GUESTS,
    LUNCHES,
    SALES,
    SATISFACTION,
    SEAWEED,
    VOLUNTEERS,
)
from evaluations.sample.miura.zone import MIURA, YOKOHAMA, YOKOSUKA


def _scheme(
    category: str,
    name: str,
    municipalities: tuple[str, ...],
    targets: tuple[TargetKey, ...],
    outline: str,
) -> Scheme:
    return Scheme(
        category=category,
        name=name,
        municipalities=municipalities,
        outline=outline,
        relation=Relation(targets=targets),
    )


_SCHEMES = {
    scheme.name: scheme
    for scheme in (
        _scheme(
            "fiscal",
            "直売所設備更新補助金",
            (YOKOSUKA,),
            (SALES,),
            "直売所が冷蔵の設備や計算機を入れ替える際に、費用の2分の1を100万円まで補助する。",
        ),
        _scheme(
            "fiscal",
            "体験の宿開設補助金",
            (MIURA,),
            (GUESTS, SATISFACTION),
            "泊まりがけの体験を受け入れる農家や漁家に対し、客室や浴室の改修に要する費用の一部を補助する。",
        ),
        _scheme(
            "fiscal",
            "農園体験開設助成",
            (YOKOHAMA,),
            (SALES, GUESTS),
            "収穫の体験を始める農園に対し、休憩所や案内の看板の設置に要する費用の一部を助成する。",
        ),
        _scheme(
            "fiscal",
            "半島めぐみ給食推進事業",
            (YOKOSUKA, MIURA, YOKOHAMA),
            (SALES, LUNCHES),
            "地元の農水産物を使う献立の日を3市で同じ週に設け、価格の差額を3市が負担する。",
        ),
        _scheme(
            "loan",
            "漁業後継者育成資金",
            (MIURA,),
            (SALES, GUESTS, VOLUNTEERS),
            "漁業を始める人や引き継ぐ人が、船や漁具の購入に要する資金を無利子で借りられるようにする。",
        ),
        _scheme(
            "relaxation",
            "海岸の利用手続の一本化",
            (MIURA,),
            (GUESTS, VOLUNTEERS),
            "海岸での体験や清掃に必要な届出を一つの窓口で受け付け、許可までの日数を短くする。",
        ),
        _scheme(
            "tightening",
            "磯の生き物の採取に関する要綱",
            (YOKOSUKA,),
            (VOLUNTEERS, SEAWEED),
            "藻場の手入れを行う海域で、体験の参加者が採ることのできる生き物の種類と量を定める。",
        ),
        _scheme(
            "other_projects",
            "海のめぐみ学習会",
            (YOKOSUKA, MIURA),
            (VOLUNTEERS, SEAWEED),
            "漁業者が小学校を訪ね、藻場の役割と手入れの方法を子どもに伝える。",
        ),
    )
}


def schemes(results: dict[str, str]) -> tuple[Scheme, ...]:
    """The schemes with a year's results, which are given by name."""
    return tuple(replace(_SCHEMES[name], result=result) for name, result in results.items())
