"""The region's own support schemes (別紙3), which go on from year to year."""

from dataclasses import replace

from evaluations.form.contents import Relation, Scheme
from evaluations.sample.keihin.zone import KANAGAWA, KAWASAKI, YOKOHAMA

# By category and name; all of them serve all targets.
_SCHEMES = {
    (category, name): Scheme(
        category=category,
        name=name,
        municipalities=municipalities,
        outline=outline,
        relation=Relation(all_targets=True),
    )
    for category, name, municipalities, outline in (
        (
            "fiscal",
            "産業集積奨励金",
            (KANAGAWA,),
            "ロボット又はライフサイエンスの分野で一定の額を投資し、人を雇い入れた企業に対し、"
            "不動産取得税の2分の1に当たる額を1億円まで交付する。新たな交付は令和元年度で終えている。",
        ),
        (
            "fiscal",
            "企業誘致促進補助金",
            (KANAGAWA,),
            "県外から立地する企業に対し、投資額の5%を5億円まで補助する。"
            "特区の制度を活用する企業については、補助率と上限額をそれぞれ2倍にする。",
        ),
        (
            "fiscal",
            "企業立地促進補助金",
            (KANAGAWA,),
            "県内に工場や研究所を設ける企業に対し、大企業は投資額の3%、中小企業は6%を補助する。"
            "特区の制度を活用する企業については、補助率と上限額をそれぞれ2倍にする。",
        ),
        (
            "fiscal",
            "企業誘致促進賃料補助金",
            (KANAGAWA,),
            "県外又は国外から移ってくる企業に対し、賃料の3分の1を6か月分まで補助する。"
            "特区の制度を活用する企業については、補助率を2分の1に引き上げる。",
        ),
        (
            "fiscal",
            "LIP.横浜トライアル助成金",
            (YOKOHAMA,),
            "大学の研究成果や医療現場の要望を形にするため、市内で試作や検証を行う企業等に開発費の一部を助成する。",
        ),
        (
            "fiscal",
            "横浜市企業立地促進条例",
            (YOKOHAMA,),
            "みなとみらい21地域や臨海部などの特定の地域に本社や研究所を構える企業を認定し、投資額に応じて助成する。",
        ),
        (
            "fiscal",
            "次世代重点・成長分野立地促進助成",
            (YOKOHAMA,),
            "健康・医療などの成長分野の企業が市内に初めて進出するとき、又は研究所を広げるときに、費用の一部を助成する。",
        ),
        (
            "fiscal",
            "横浜市新技術開発等支援事業",
            (YOKOHAMA,),
            "市内の中小企業に新しい技術の開発費を助成するとともに、優れた商品を持つ企業に専門家を派遣し、販路の開拓を助ける。",
        ),
        (
            "fiscal",
            "川崎市新技術・新製品開発等支援事業補助金",
            (KAWASAKI,),
            "市内の中小企業が新しい技術や製品を開発する際に、試作や検査に要する費用の一部を補助する。",
        ),
        (
            "fiscal",
            "川崎市産学共同研究開発プロジェクト補助金",
            (KAWASAKI,),
            "中小企業が大学等と組んで進める研究開発に対し、その費用の一部を補助する。",
        ),
        (
            "fiscal",
            "川崎市ナノ・マイクロ機器利用促進補助金",
            (KAWASAKI,),
            "微細な加工や観察に用いる高額な装置を借りて使う中小企業等に対し、利用料の一部を補助する。",
        ),
        (
            "fiscal",
            "川崎臨海部研究開発機能強化補助金制度",
            (KAWASAKI,),
            "臨海部の対象地域に研究所を新設する企業や、創業間もない企業が入居する賃貸の研究所を整える事業者に対し、"
            "令和5年度から費用の一部を補助している。",
        ),
        (
            "tax",
            "横浜市企業立地促進条例",
            (YOKOHAMA,),
            "条例に基づいて認定した企業に対し、建物や設備に係る市税の負担を一定の期間軽くする。",
        ),
        (
            "loan",
            "神奈川県企業立地促進融資",
            (KANAGAWA,),
            "県内に事業所を新設又は増設する中小企業者が、土地や建物に要する資金を長期かつ低利で借りられるよう、"
            "県が金融機関に補助する。",
        ),
        (
            "loan",
            "かながわベンチャー輝きファンド",
            (KANAGAWA,),
            "民間の投資会社と県が覚書を交わし、県内で創業した企業への出資を促す。",
        ),
        (
            "loan",
            "ヘルスケア・ニューフロンティアファンド",
            (KANAGAWA,),
            "未病や最先端医療の分野で成長を目指す企業に対し、県と民間が共に設けた基金から出資する。",
        ),
        (
            "other_rules",
            "BioJapan開催支援・パビリオン出展",
            (KANAGAWA, YOKOHAMA, KAWASAKI),
            "国内有数のバイオ分野の展示会を3県市で支え、横浜市と川崎市の合同の展示区画に市内の企業や大学の出展を募る。",
        ),
        (
            "other_rules",
            "京浜臨海部ライフイノベーション国際戦略総合特区セミナー開催",
            (KANAGAWA, YOKOHAMA, KAWASAKI),
            "区域内の企業や研究者の取組を広く紹介し、新たな取引や共同研究のきっかけを作る。",
        ),
        (
            "other_rules",
            "LIP.横浜 中小企業・スタートアップ等支援事業",
            (YOKOHAMA,),
            "大手企業や大学との引き合わせ、個別の相談及び講座の開催を通じて、中小企業等の技術が製品になるまでを支える。",
        ),
        (
            "other_rules",
            "LIP.横浜 ヘルスケアビジネス支援事業",
            (YOKOHAMA,),
            "医療や介護の現場で求められている物を調べ、それに応える製品やサービスの開発を助ける。",
        ),
        (
            "other_rules",
            "LIP.横浜 海外展開支援",
            (YOKOHAMA,),
            "海外の業界団体や支援機関と協力し、市内の企業が米国などの市場に進むための交流の場と講座を設ける。",
        ),
        (
            "other_rules",
            "サイエンスカフェの開催",
            (KAWASAKI,),
            "研究者、起業家、投資家などを講師に招き、くつろいだ雰囲気で語り合う場を設けて、分野を越えた共同研究の芽を育てる。",
        ),
        (
            "other_rules",
            "キングスカイフロント拠点活動活性化推進事業",
            (KAWASAKI,),
            "キングスカイフロントに立地する機関を訪ねて強みと悩みを聴き取り、市内の企業の技術と引き合わせる。",
        ),
        (
            "other_rules",
            "キングスカイフロント 夏の科学イベント",
            (KAWASAKI,),
            "小学生に実験や工作を通じて科学の面白さを伝え、拠点を身近に感じてもらうとともに、出展する機関の交流を深める。",
        ),
        (
            "other_rules",
            "国外とのネットワーク構築",
            (KAWASAKI,),
            "海外の研究拠点と意見を交わし、共同の催しや企業の相互の訪問につなげる。",
        ),
    )
}


def schemes(results: dict[str, dict[str, str]]) -> tuple[Scheme, ...]:
    """The schemes with a year's results, which are given by category and name."""
    return tuple(
        replace(_SCHEMES[category, name], result=result)
        for category, of_category in results.items()
        for name, result in of_category.items()
    )
