# ruff: noqa: RUF001, E501 (letters of other alphabets are meant; a name per word is long)
"""The names themselves. A question mark marks weak ones; {xx} stands for words for "number"."""

from __future__ import annotations

NUMBER_WORDS = {
    "de": "nummer|nr|no|num",
    "en": "number|no|num|nr|id|ref|reference|code",
    "ro": "numero|num|no|n|nro|nr|nbr",
    "nl": "nummer|nr|no",
    "no": "nummer|nr|no",
    "sl": "numer|nr|no|cislo|c|broj|br|stevilka|st|numar|numarul",
    "ru": "номер|no|n",
    "tr": "no|numarasi|nr|numara",
}

NAMES: dict[str, str] = {
    "invoice_number": """
        arve nr | arve number | arve nr. | rēķina numurs | rēķins nr | rēķina nr | pavadzīme nr | sąskaitos numeris | sąskaita faktūra nr | pvm sąskaita faktūra nr | serija ir numeris? | фактура номер | фактура {ru} | данъчна фактура {ru} |
        number? | nummer? | numéro? | numero? | número? | numer? | numeró? | číslo? | nomor? | номер? | broj? | številka? | αριθμός? | 番号? | no.? | nr.? | n°? | reference number? | liquidation {de} | storno {de}? | note d'honoraires {ro} | honorarnote {de} | bitte bei zahlung angeben?
        invoice {en} | inv {en} | inv | invoice | tax invoice {en} | tax invoice | bill {en} |
        invoice document {en} | sales invoice {en} | our invoice {en} | credit note {en} |
        credit memo {en} | receipt {en} | document {en}? | doc {en}? | slip {en}? | bill no |
        bon no? | rcpt {en} | cash bill {en} | trans {en}? | cash sales {en} | order invoice {en}
        rechnung {de} | rechnungs {de} | rech {de} | rg {de} | rgnr | re {de} | rechnung? |
        handelsrechnung {de} | rechnungs-id | beleg {de} | belegnr | gutschrift {de} | gutschrifts {de} |
        rechnungs- und kunden {de}? | dokument {de}? | gutschriftsnummer | korrekturrechnung {de} |
        teilrechnung {de} | schlussrechnung {de} | abschlagsrechnung {de} | nummer der rechnung |
        numéro de facture | facture {ro} | n de facture | no de facture | facture | {ro} facture |
        facture avoir {ro} | avoir {ro} | facture du?
        factura {ro} | {ro} de factura | numero factura | {ro} factura | fra {ro} | factura
        fattura {ro} | numero fattura | {ro} fattura | fattura | n documento? | numero documento?
        fatura {ro} | {ro} da fatura | {ro} de fatura | numero da fatura | fatura recibo {ro} | fatura | nota fiscal {ro}
        factuur {nl} | factuur | factuurnr | rekening {nl} | {nl} factuur
        faktura {sl} | faktura vat {sl} | numer faktury | nr faktury | faktura | nr dokumentu?
        cislo faktury | faktura c | c faktury | danovy doklad c | faktura danovy doklad c | cislo dokladu? | variabilni symbol? | variabilny symbol?
        faktura {no} | fakturanr | fakturanummer | fakturanr | laskun numero | lasku nro | laskunumero | lasku
        fatura no | fatura numarasi | belge no?
        factura nr | factura fiscala nr | numar factura | numarul facturii | seria nr? | szamla szama | szamlaszam | szamla sorszama | sorszam?
        τιμολογιο | αριθμος τιμολογιου | αρ τιμολογιου | αριθμος? | αρ παραστατικου
        счет {ru} | счет-фактура {ru} | номер счета | счет на оплату {ru} | рахунок {ru} | рахунок-фактура {ru} | номер рахунку
        racun br | broj racuna | racun st | stevilka racuna | racun
        发票号码 | 发票编号 | 发票号 | 發票號碼 | 票据号码 | 账单号 | 請求書番号 | 請求番号 | 請求書no | 領収書番号 | 伝票番号? | 송장번호 | 청구서번호 | 송장 번호 | 세금계산서번호
    """,
    "invoice_date": """
        arve kuupäev | kuupäev? | väljastatud | rēķina datums | datums? | izrakstīšanas datums | išrašymo data | sąskaitos data | дата на издаване | дата на фактура |
        erstellt am | utfärdad | utfärdat | vystaveno dne | datum dokladu | data documento | invoice date | date of invoice | inv date | invoice dt | bill date | billing date | date of issue |
        issue date | issued | issued on | tax invoice date | tax point | document date? | doc date? | date? | dated? |
        date issued | order date? | print date? | receipt date | transaction date? | trans date? | invoiced on | dt?
        rechnungsdatum | rechnungs-datum | datum der rechnung | rechnung vom | rg-datum | re-datum | rechn datum |
        ausstellungsdatum | belegdatum | datum? | rechnungsdatum/lieferdatum | vom? | den? | gutschriftsdatum | ausgestellt am
        rechnungs-/leistungsdatum | rechnungsdatum = lieferdatum | rechnungsdatum / leistungsdatum
        date de facture | date de la facture | date facture | date d'émission | date de facturation | facture du | date émission | émise le | le?
        fecha de factura | fecha factura | fecha de emisión | fecha emisión | fecha de expedición | fecha? | fecha de la factura
        data fattura | data della fattura | data documento | data emissione | data di emissione | data? | fattura del
        data da fatura | data de emissão | data emissão | data da emissão | data do documento
        factuurdatum | factuur datum | datum factuur | datum van factuur | data wystawienia | data faktury | data wystawienia faktury
        datum vystavení | datum vystaveni dokladu | vystaveno | datum vyhotovenia | dátum vystavenia | dátum vyhotovenia
        fakturadatum | fakturadato | faktura dato | dato? | utstedelsesdato | fakturadag | päivämäärä? | laskun päivä | laskupäivä | laskun päiväys | laskun pvm | päiväys? | pvm?
        fatura tarihi | düzenleme tarihi | düzenlenme tarihi | tarih? | data facturii | data emiterii | data factură | data emitere
        számla kelte | kiállítás dátuma | kelt? | kiállítás kelte | számla dátuma | dátum?
        ημερομηνία τιμολογίου | ημερομηνία έκδοσης | ημερομηνία? | ημ/νία? | дата счета | дата выставления | дата? | дата составления | дата рахунку | дата виставлення
        datum računa | datum izdaje | datum izdavanja | nadnevak
        开票日期 | 发票日期 | 日期? | 開票日期 | 出票日期 | 発行日 | 請求日 | 請求書発行日 | 日付? | 発行年月日 | 발행일 | 작성일자 | 청구일 | 날짜? | 일자? | 발행일자
    """,
    "due_date": """
        maksetähtaeg | maksetähtpäev | tasuda enne | apmaksas termiņš | apmaksāt līdz | apmokėti iki | mokėjimo terminas | срок за плащане | падеж |
        abbuchung am | zahlungstermin | zu zahlen bis | zahlungseingang bis | règlement avant le | date limite | do? | scad |         due date | payment due | payment due date | due by | due on | date due | pay by | payable by | due? | please pay by | pay before | balance due date |
        fällig am | fälligkeitsdatum | fälligkeit | zahlbar bis | fällig | fällig bis | zahlung bis | zahlungsziel? | bis spätestens? | zahlbar bis zum | netto bis
        date d'échéance | échéance | date limite de paiement | à payer avant le | payable le | date echeance | à régler avant le | règlement le? |
        fecha de vencimiento | vencimiento | fecha vencimiento | vence | data scadenza | scadenza | data di scadenza | scadenza pagamento | data de vencimento | vencimento | data vencimento
        vervaldatum | te betalen voor | uiterste betaaldatum | vervaldag | betalen voor | termin płatności | termin zaplaty | do zapłaty do | datum splatnosti | splatnost | dátum splatnosti | splatné
        förfallodatum | förfallodag | forfaldsdato | forfallsdato | forfald | forfall | betalingsfrist | eräpäivä | eräpvm | son ödeme tarihi | vade tarihi | vade | scadență | data scadenței | termen de plată | data scadentei | fizetési határidő | esedékesség
        ημερομηνία λήξης | προθεσμία πληρωμής | срок оплаты | оплатить до | термін оплати | сплатити до | rok plaćanja | dospijeće | rok plačila | zapade
        付款期限 | 到期日 | 支払期限 | お支払期限 | 支払期日 | 振込期限 | 납부기한 | 지불기한 | 결제기한 | 만기일
    """,
    "delivery_date": """
        date of service | service rendered on | performance date | tarnekuupäev | piegādes datums | pristatymo data | дата на данъчно събитие |
        delivery date | date of delivery | date of supply | supply date | shipping date | ship date | service date | date of service | delivered on | delivery? | date shipped
        lieferdatum | leistungsdatum | liefer-/leistungsdatum | lieferdatum/leistungsdatum | datum der lieferung | liefertermin | tag der lieferung | leistungszeitpunkt | lieferung am | lieferung vom | liefertag | leistungsdatum/-zeitraum? |
        date de livraison | livré le | date livraison | date de prestation | livraison? | livraison du | date d'expédition | fecha de entrega | fecha entrega | fecha de operación | data di consegna | data consegna | data de entrega
        leverdatum | leveringsdatum | data sprzedaży | data dostawy | data wykonania usługi | datum zdanitelného plnění | datum uskutečnění | duzp | datum uskutečnění zdanitelného plnění | dátum dodania
        leveransdatum | leveringsdato | levering? | toimituspäivä | teslim tarihi | data livrării | teljesítés dátuma | teljesítés kelte | teljesítés | ημερομηνία παράδοσης | дата поставки | дата отгрузки | дата доставки | datum isporuke
        交货日期 | 交付日期 | 納品日 | 納入日 | 納期 | 납품일 | 공급일자
    """,
    "period_start": """
        period from | service period from | from? | start date | period start | flight start date | flight start | billing period start | leistungszeitraum von | zeitraum von | beginn | abrechnungszeitraum von | début | du? | période du
    """,
    "period_end": """
        period to | service period to | period end | end date | flight end date | flight end | billing period end | leistungszeitraum bis | zeitraum bis | abrechnungszeitraum bis | fin de période
    """,
    "_period": """
        billing period | service period | period? | leistungszeitraum | lieferzeitraum | abrechnungszeitraum | rechnungszeitraum | zeitraum | période | période de facturation | periodo | periodo di fatturazione | periodo de facturación | periode | okres rozliczeniowy | flight dates
    """,
    "order_number": """
        order {en} | purchase order {en} | po {en} | p.o. {en} | your order {en} | customer order {en} | order | po | purchase order | customer po | your order | po ref | your reference?
        bestell {de} | bestellung {de} | auftrags {de}? | auftrag {de}? | ihre bestell {de} | ihre bestellung | bestellnr | ihre auftrags {de} | kundenauftrag {de} | auftragsnr? | ihre bestellung {de} | bestellung | ihr auftrag | order {de} | bestellreferenz |
        {ro} de commande | commande {ro} | numéro de commande | bon de commande {ro} | votre commande {ro} | votre commande | réf commande | commande | bon de commande | {ro} commande
        pedido {ro} | {ro} de pedido | numero de pedido | su pedido | ordine {ro} | numero ordine | vs ordine | rif ordine | ordine d'acquisto | encomenda {ro} | {ro} da encomenda | pedido
        bestel {nl} | order {nl} | ordernr | uw order | nr zamówienia | numer zamówienia | zamówienie {sl} | objednávka {sl} | číslo objednávky | objednavka c | č objednávky
        ordernummer | ordrenummer | ordre {no} | order nr | ordrenr | beställnings {no} | bestilling {no} | tilausnumero | sipariş {tr} | comanda {sl} | nr comanda | rendelésszám | rendelés száma | megrendelés száma | αριθμός παραγγελίας | номер заказа | заказ {ru} | номер замовлення | замовлення {ru} | broj narudžbe | narudžba br
        订单号 | 订单编号 | 订单号码 | 注文番号 | 発注番号 | 注文no | 주문번호 | 발주번호
    """,
    "order_date": """
        order date | purchase order date | date of order | po date | bestelldatum | bestellung vom | auftragsdatum | datum der bestellung | date de commande | commande du | date commande | fecha de pedido | data ordine | data do pedido | besteldatum | orderdatum | ordredato | bestillingsdato | data zamówienia | datum objednávky | 注文日 | 订单日期 | 주문일
    """,
    "delivery_note_number": """
        delivery note {en} | delivery note | packing slip {en} | dispatch note {en} | shipment {en} | delivery {en} | despatch note {en} | do {en}?
        lieferschein {de} | lieferschein | lieferscheinnr | liefer {de} | lieferung {de} | lieferschein-nr
        bon de livraison {ro} | bon de livraison | {ro} de bl | bl {ro} | {ro} bon de livraison | {ro} de bon de livraison | avis d'expédition | albarán {ro} | albarán | ddt {ro} | ddt | documento di trasporto | guia de remessa {ro} | bolla {ro}
        pakbon {nl} | pakbon | leveringsbon | numer wz | wz {sl} | wz | dodací list {sl} | dodaci list | dodací list č | följesedel {no} | følgeseddel {no} | lähete {sl} | irsaliye no | aviz {sl} | szállítólevél | szállítólevél száma | накладная {ru} | otpremnica | 送货单号 | 納品書番号 | 납품서번호
    """,
    "customer_number": """
        kdnr | kd-nr | käufer {de} | kundennr. | お客様コード | お客様no | cod cl | cari kodu | müşteri kodu |         customer {en} | account {en} | client {en} | customer | cust {en} | acct {en} | customer account {en} | your customer {en} | member {en} | subscriber {en} | a/c no | debtor code | customer code | account code
        kunden {de} | kundennr | kd {de} | debitoren {de} | ihre kunden {de} | kunden-nr | kunden {de} bei uns | debitor | debitorennr | kundenkonto | mitglieds {de} | vertragskonto | vertrags {de}
        numéro client | {ro} client | {ro} de client | code client | client {ro} | référence client? | numéro de client | compte client | {ro} de cliente | cliente {ro} | código de cliente | código cliente | codice cliente | {ro} cliente | numero cliente | cod cliente | n cliente
        klant {nl} | klantnr | debiteur {nl} | debiteurnr | klantcode | nr klienta | numer klienta | kod klienta | číslo zákazníka | zákazník č | číslo odběratele | kundnummer | kundnr | kundenr | kunde {no} | asiakasnumero | asiakasnro | müşteri {tr} | cod client | vevőkód | ügyfélszám | vevő kódja | κωδικός πελάτη | номер клиента | код клиента | номер клієнта | šifra kupca | šifra kupcu
        客户编号 | 客户号 | 客户代码 | 顧客番号 | お客様番号 | 得意先コード | 고객번호
    """,
    "buyer_reference": """
        buyer reference | your reference | your ref | customer reference | customer ref | leitweg-id | leitwegid | leitweg id | ihr zeichen | ihre referenz | kundenreferenz | käuferreferenz | ihre zeichen | referenz des käufers |
        référence acheteur | votre référence | vos références | réf client | référence client | code service | référence de l'acheteur | vos réf | su referencia | vs riferimento | rif cliente | vostro riferimento | sua referência | uw referentie | uw kenmerk | er referens | ert referens | deres ref | deres referanse | viitteenne | vaše značka
    """,
    "seller_name": """
        seller | vendor | supplier | from? | issued by | verkäufer | lieferant | rechnungssteller | rechnungsersteller | verkaeufer | leistungserbringer | absender? | kreditor | name des verkäufers
        vendeur | fournisseur | émetteur | prestataire | vendedor | proveedor | emisor | venditore | fornitore | cedente | cedente/prestatore | mittente | fornecedor | emitente | verkoper | leverancier | sprzedawca | dostawca | wystawca | dodavatel | dodávateľ | prodávající | säljare | leverantör | sælger | leverandør | selger | myyjä | toimittaja | satıcı | vânzător | furnizor | eladó | szállító | kibocsátó | πωλητής | προμηθευτής | продавец | поставщик | исполнитель | продавець | постачальник | prodavatelj | izdajatelj | dobavljač
        销售方 | 卖方 | 供应商 | 销方 | 销售方名称 | 売主 | 発行者 | 供給者 | 공급자 | 판매자 | station? | remit to | pay to? | payee
    """,
    "buyer_name": """
        buyer | customer? | bill to | billed to | sold to | invoice to | invoiced to | client | bill-to | billing address | to? | attention? | account name | customer name | deliver to? | charge to | purchaser | sold-to | billing information? | advertiser? | invoice address
        käufer | kunde | rechnungsempfänger | rechnungsadresse | rechnungsanschrift | rechnung an | empfänger? | leistungsempfänger | kaeufer | auftraggeber | besteller | name des käufers | an? | rechnungs-adresse
        client facturé | acheteur | facturé à | destinataire | adresse de facturation | facturer à | facture à | client : | cliente | comprador | facturar a | facturado a | destinatario | receptor | datos del cliente | acquirente | cessionario | cessionario/committente | committente | spett.le | spettabile | intestatario | adquirente
        koper | klant | factuuradres | factuur aan | afnemer | nabywca | odbiorca | kupujący | zamawiający | odběratel | odberateľ | kupující | zákazník | köpare | kund | kund: | fakturaadress | faktureras till | køber | kjøper | fakturamottaker | faktura til | ostaja | asiakas? | laskutusosoite | alıcı | müşteri | sayın | cumpărător | client: | beneficiar | vevő | címzett | αγοραστής | πελάτης | покупатель | заказчик | плательщик | получатель? | покупець | замовник | платник | kupac | kupec | naručitelj
        购买方 | 买方 | 客户 | 购方 | 客户名称 | 买方名称 | 御中 | 買主 | お客様 | 請求先 | 공급받는자 | 구매자 | 고객 | 수신
    """,
    "_party_name": """
        name | firma | firmenname | company | company name | nom | nombre | nome | naam | nazwa | název | namn | navn | nimi | raison sociale | dénomination | ragione sociale | razón social | denominazione | unternehmen | ime | naziv | név | 名称 | 名前 | 会社名 | 상호
    """,
    "_party_address": """
        address | adresse | anschrift | dirección | indirizzo | morada | endereço | adres | adresa | adress | osoite | straße | strasse | street | cím | διεύθυνση | адрес | адреса | 地址 | 住所 | 주소
    """,
    "seller_tax_id": """
        ein | tax id number | federal tax id | fein | federal id | fed id {en} | tax id {en} | vat {en}? | vat registration {en} | vat reg {en} | vat id | vat no | vat reg no | vat registration | vat | vat # | gst {en} | gst reg {en} | gst registration {en} | gst id | tax id? | gstin | sst id | sst no | gst | abn | tax registration number | our vat no | uid | trn
        ust-id {de} | ust-idnr | ust-id | umsatzsteuer-id {de} | umsatzsteuer-id | umsatzsteuer-identifikationsnummer | ustid | ust.-identnr | ust-ident {de} | uid-nr | uid {de} | umsatzsteuer-ident {de} | umsatzsteuer identifikations nr | mwst-nr | mwst {de}
        {ro} tva | {ro} de tva | tva intracommunautaire | {ro} tva intracommunautaire | tva intracom | numéro de tva | {ro} tva intracom | id tva | tva intra | identifiant tva | numéro tva | nif | cif | nif/cif | nif iva | vat/nif | p.iva | partita iva | p iva | piva | partita i.v.a. | {ro} contribuinte | contribuinte | nipc | p.i. | cod fiscale e p iva
        btw {nl} | btw-nr | btw-id | btw id {nl} | btw identificatie {nl} | btw-identificatienummer | ob nummer | nip | nip: | numer nip | dič | ič dph | dic | ic dph | moms {no} | momsreg nr | momsregistreringsnummer | vat-nr | momsnummer | se-nr | cvr | cvr nr | cvr-nr | org nr mva | alv-tunnus | alv numero | alv-nro | y-tunnus | vkn | vergi {tr} | vergi kimlik no | cui | c.u.i. | cif: | cod fiscal | adószám | közösségi adószám | αφμ | α.φ.μ. | инн | ідентифікаційний код | іпн | oib | id za ddv | davčna številka | pdv id
        纳税人识别号 | 统一社会信用代码 | 税号 | 登録番号 | 事業者登録番号 | 사업자등록번호 | 등록번호
    """,
    "seller_tax_number": """
        tax number | tax {en} | fiscal number | company tax number | tin | state tax id | sales tax permit | utr | tax reference | steuer {de} | steuernr | steuernummer | st-nr | st.nr | finanzamt steuer {de} | codice fiscale | cod fisc | siret | siren | {ro} siret | numéro siret | rcs | kvk | kvk {nl} | regon | ičo | ico | ič | organisationsnummer | org nr | orgnr | org.nr | organisasjonsnummer | foretaksregisteret | company registration no | company reg no | reg no | co reg no | company no | registration number? | ogrn | огрн | кпп | окпо | єдрпоу
    """,
    "buyer_tax_id": """
        your vat no | customer vat | customer vat {en} | your vat id | buyer vat | your vat number | client vat | buyer tax id | customer tax id | your vat registration no
        ihre ust-id {de} | ihre ust-idnr | ihre ust-identnr | ust-id des kunden | kunden-ust-id {de} | ihre umsatzsteuer-id | ihre uid | ihre uid {de} | ust-id kunde | ihre ust-id | ihre ust-ident {de} | ust-idnr kunde | ust-id käufer
        votre {ro} tva | tva client | {ro} tva client | tva acheteur | votre tva | {ro} tva intracommunautaire client | nif cliente | p iva cliente | uw btw {nl} | btw klant | uw btw-nummer | ert vat-nr | dič odběratele | nip nabywcy
    """,
    "total_net": """
        summa ilma km-ta | summa käibemaksuta | kokku ilma km-ta | kokku käibemaksuta | summa bez pvn | kopā bez pvn | suma be pvm | iš viso be pvm | данъчна основа | сума без ддс |
        amt excl gst | amt excl tax | amount excl gst | net total | total net | net amount | subtotal | sub total | sub-total | sub-total? | net | total excl vat | total excluding vat | total ex vat | total before tax | amount before tax | total excl tax | total excl gst | total without vat | taxable amount | net value | amount excl vat | total exclusive | net invoice amount | total net amount | total exclude gst | total excl of gst | total exclusive of gst | total sales excl gst | total sales exclude gst | nett | nett total | total amount excl vat | goods value | net sales | amount excluding tax | total excluding tax | total (excluding gst) | total sales (excluding gst) | total sales excluding gst | net price total | total exc vat | taxable total | net due?
        nettobetrag | netto | summe netto | gesamt netto | zwischensumme? | netto-summe | nettosumme | rechnungssumme netto | gesamtnetto | warenwert | netto gesamt | gesamtbetrag netto | total netto | summe ohne mwst | nettowert | netto-betrag | summe exkl mwst | gesamtsumme netto | nettorechnungsbetrag | rechnungsbetrag netto | summe positionen? | rechnungsbetrag ohne umsatzsteuer | gesamtbetrag ohne umsatzsteuer | gesamtsumme ohne ust | betrag netto | warennettobetrag | gesamt exkl mwst | steuerbasisbetrag | steuerbasis | rechnungssumme ohne ust | betrag ohne steuer | summe netto eur | nettoentgelt | entgelt netto | warenwert netto | basisbetrag? | rechnungsbetrag ohne ust
        total ht | montant ht | total hors taxes | total h.t. | total net ht | sous-total | sous total | montant total ht | total hors taxe | base ht | net ht | total général ht | montant total hors taxes | montant hors tva | montant hors taxes | total hors tva | total ht net | s/total ht | ht | base hors taxe | montant net
        base imponible | subtotal | total neto | importe neto | neto | total sin iva | base imponible total | suma y sigue? | totale imponibile | imponibile | totale netto | tot imponibile | totale merce | totale al netto | netto a pagare? | subtotale | total sem iva | total ilíquido | incidência | total líquido? | valor líquido?
        subtotaal | totaal excl btw | totaal exclusief btw | excl btw | totaal excl | netto bedrag | bedrag excl btw | totaal netto | wartość netto | razem netto | suma netto | kwota netto | razem? | netto razem | základ daně | celkem bez dph | základ dane | cena bez dph | spolu bez dph | celkem základ
        summa exkl moms | netto | summa netto | exkl moms | delsumma | belopp exkl moms | nettobelopp | subtotal ekskl moms | beløb ekskl moms | subtotal | nettobeløb | sum eks mva | total eks mva | sum netto | netto beløp | veroton | yhteensä veroton | veroton yhteensä | yhteensä ilman alv | ara toplam | mal hizmet toplam tutarı | kdv hariç tutar | matrah | toplam tutar? | total fără tva | valoare fără tva | valoare | subtotal | nettó összesen | nettó összeg | nettó | összesen nettó | adóalap
        καθαρή αξία | σύνολο χωρίς φπα | μερικό σύνολο | υποσύνολο | итого без ндс | сумма без ндс | всего без ндс | разом без пдв | сума без пдв | всього без пдв | ukupno bez pdv | osnovica | iznos bez pdv | skupaj brez ddv
        不含税金额 | 小计 | 合计金额 | 税前金额 | 未税金额 | 小計 | 税抜合計 | 税抜金額 | 税抜き | 공급가액 | 소계 | 공급가액합계 | 공급 가액
    """,
    "total_tax": """
        käibemaks | km 20% | km 22% | käibemaks kokku | pvn | pvn kopā | pvm | pvm suma | ддс | размер на ддс |
        total vat | vat amount | vat total | total tax | tax amount | sales tax | tax total | gst amount | total gst | gst | vat | tax | gst total | hst | pst | service tax | vat payable | tax payable | state tax | total gst amount | add gst | tax due | igst | total sales tax | add vat | total vat amount | plus vat | sst | vat charged | gst payable | gst @6% | add gst @6% | total tax amount
        mwst | mwst-betrag | umsatzsteuer | ust | zzgl mwst | zzgl umsatzsteuer | summe umsatzsteuer | summe mwst | mehrwertsteuer | steuerbetrag | gesamt mwst | zzgl ust | umsatzsteuerbetrag | ust-betrag | steuer gesamt | gesamtsteuerbetrag | steuerbetrag gesamt | mwst gesamt | enthaltene mwst | enthaltene umsatzsteuer | summe steuer | + mwst | gesetzliche mwst | summe ust | gesamtbetrag umsatzsteuer | gesamt ust | ust gesamt | summe steuern | steuersumme | gesamtbetrag der umsatzsteuer | darin enthaltene mwst
        total tva | montant tva | tva | dont tva | montant de la tva | total taxes | montant total tva | total de la tva | montant taxe | taxe? | total tva | dont total tva
        iva | total iva | cuota iva | importe iva | cuota | impuestos | impuesto | cuota de iva | total impuestos | totale iva | importo iva | imposta | totale imposta | iva totale | tot iva | i.v.a. | valor iva | valor do iva | total do iva | total de iva | iva total
        btw | btw bedrag | totaal btw | btw totaal | bedrag btw | kwota vat | podatek vat | vat razem | suma vat | razem vat | podatek | dph | celkem dph | výše dph | dph celkem | suma dph | daň | dph spolu
        moms | varav moms | moms sek | momsbelopp | moms totalt | totalt moms | summa moms | momsbeløb | heraf moms | mva | mva beløp | merverdiavgift | sum mva | herav mva | alv | alv yhteensä | vero | arvonlisävero | veron määrä | alv määrä | kdv | hesaplanan kdv | kdv tutarı | toplam kdv | hesaplanan kdv gercek | valoare tva | total tva | áfa | áfa összeg | áfa összesen | összes áfa | áfa összege
        φπα | ποσό φπα | σύνολο φπα | αξία φπα | ндс | в том числе ндс | сумма ндс | итого ндс | всего ндс | пдв | сума пдв | у тому числі пдв | всього пдв | pdv | iznos pdv | ddv | ukupno pdv
        税额 | 税金 | 合计税额 | 增值税 | 消費税 | 消費税額 | 消費税等 | 税額 | 内消費税 | 부가세 | 세액 | 부가가치세 | 세액합계 | 稅額
    """,
    "total_gross": """
        kokku | kokku tasuda | summa kokku | maksustatav summa? | kopā | kopā apmaksai | pavisam kopā | iš viso | iš viso su pvm | suma su pvm | bendra suma | общо | обща сума | сума за плащане |
        total? | grand total | total amount | invoice total | total gross | gross total | gross amount | total incl vat | total including vat | amount total | total inc vat | invoice amount | total payable? | gross | total including gst | total incl gst | total sales (inclusive of gst) | total inclusive gst | total sales inclusive gst | total (incl gst) | total inclusive | order total | total price | total after tax | bill total | total sales | nett total? | total inc gst | total rm | total amt | total amt incl gst | total sales (incl gst) | rounded total | total rounded | round total | total after rounding | total invoice value | amount? | total amount incl vat | total amount including vat | total (rm) | total sales incl gst | total with tax | net total rounded | total amount payable | net amt? | total (inclusive of gst) | total inclusive of gst | gross worth | total incl of gst | total inclusive of gst | total sales incl of gst | total incl gst rm | total inclusive of tax | total incl tax | total value | total cost | agreement total | contract total | total due amount | final total | total rounding | amount including tax | total including tax
        gesamtbetrag | rechnungsbetrag | bruttobetrag | brutto | gesamtsumme | endbetrag | summe? | total brutto | gesamt? | summe brutto | rechnungssumme | rechnungssumme brutto | gesamt brutto | rechnungsendbetrag | gesamtbetrag brutto | endsumme | bruttosumme | gesamtbetrag inkl mwst | total inkl mwst | summe inkl mwst | betrag? | brutto-summe | rechnungsbetrag brutto | brutto gesamt | brutto-betrag | rechnungsgesamtbetrag | gesamtbetrag eur | gesamtbetrag inkl ust | betrag brutto | rechnungsbetrag inkl mwst | bruttorechnungsbetrag | gesamtsumme brutto | rechnungsbetrag mit umsatzsteuer | gesamtbetrag mit umsatzsteuer | rechnungssumme mit ust | gesamtbetrag inklusive umsatzsteuer
        total ttc | montant ttc | total toutes taxes comprises | montant total ttc | total t.t.c. | total général | montant total | total facture | net ttc | total général ttc | ttc | montant total avec taxes | montant tva comprise | montant avec tva | prix total? | montant? | total tva comprise | montant de la facture
        total factura | importe total | total con iva | total general | total a pagar? | importe? | total iva incluido | suma total | totale | totale fattura | totale documento | importo totale | totale generale | totale complessivo | tot documento | totale iva inclusa | importo? | total da fatura | total geral | valor total | total com iva | total do documento | total c/iva
        totaal | totaal incl btw | totaal inclusief btw | totaalbedrag | incl btw | bedrag incl btw | totaal te betalen? | factuurbedrag | eindtotaal | wartość brutto | razem brutto | suma brutto | kwota brutto | suma? | ogółem | suma pln | celkem | celkem s dph | celková částka | cena celkem | celkem včetně dph | spolu | celkom | suma celkem | spolu s dph | celkom s dph
        summa | totalt | summa inkl moms | total | totalsumma | totalbelopp | belopp inkl moms | i alt | ialt | total inkl moms | beløb inkl moms | fakturabeløb | totalbeløb | sum | totalt inkl mva | sum inkl mva | total inkl mva | beløp inkl mva | fakturabeløp | yhteensä | loppusumma | verollinen yhteensä | yhteensä sis alv | laskun summa | summa yhteensä
        genel toplam | toplam | vergiler dahil toplam tutar | kdv dahil toplam | vergiler dahil | total general | total factură | total cu tva | bruttó összesen | bruttó | végösszeg | összesen | bruttó végösszeg | számla végösszege | mindösszesen | συνολικό ποσό | σύνολο | γενικό σύνολο | τελικό σύνολο | итого | всего | итого с ндс | сумма? | всего с ндс | итоговая сумма | разом | всього | всього з пдв | разом з пдв | сума? | ukupno | sveukupno | skupaj | ukupno s pdv
        价税合计 | 合计 | 总计 | 总金额 | 金额合计 | 總計 | 合計 | 総額 | 税込合計 | 合計金額 | 税込金額 | ご請求金額 | 請求金額 | 御請求額 | お支払合計 | 領収金額 | 합계 | 총액 | 총금액 | 합계금액 | 총 합계 | 결제금액
    """,
    "prepaid": """
        paid | amount paid | already paid | prepaid | deposit | less deposit | less payment | payments received | prepayment | payments | advance payment | payment received | total paid? | down payment | deposit paid
        anzahlung | bereits bezahlt | abzüglich anzahlung | bereits gezahlt | gezahlt | abschlagszahlung | geleistete anzahlung | vorauszahlung | geleistete zahlungen | gesamtbetrag anzahlungen | abzgl anzahlung | bezahlt | anzahlungen | anzahlungsbetrag | vorausbezahlter betrag | erhaltene anzahlung
        acompte | déjà payé | déjà réglé | acompte versé | montant payé | acomptes | anticipo | pagado | a cuenta | acconto | già pagato | pagato? | adiantamento | já pago | aanbetaling | reeds betaald | betaald | zapłacono | zaliczka | záloha | zaplaceno | uhrazené zálohy | förskott | betalt | forudbetalt | forskuddsbetalt | maksettu | ennakkomaksu | ödenen | avans | achitat | előleg | fizetve | προκαταβολή | предоплата | аванс | оплачено | сплачено | predujam | plaćeno | 已付金额 | 预付款 | 入金額 | 前受金 | 선급금 | 기납부액
    """,
    "amount_due": """
        amount due | balance due | total due | balance | amount payable | please pay | total payable | amount to pay | amount owed | outstanding balance | net payable | pay this amount | due amount | amount outstanding | total amount due | balance payable | payment due amount | net due | now due | due for payment | please pay this amount | current due | invoice balance | net amount due | net amount payable | outstanding | total now due
        zahlbetrag | zu zahlen | offener betrag | zahlungsbetrag | zu zahlender betrag | fälliger betrag | restbetrag | offen | zu überweisen | noch zu zahlen | überweisungsbetrag | forderungsbetrag | fälliger zahlungsbetrag | restforderung | ausstehender betrag | zu bezahlen | zahlbar | bitte überweisen sie | fälliger gesamtbetrag | offene forderung | offener rechnungsbetrag | rechnungsbetrag fällig
        net à payer | montant à payer | reste à payer | solde à payer | solde | total à payer | montant dû | solde dû | à payer | net a payer | montant restant dû | reste dû | total a pagar | importe a pagar | a pagar | pendiente | líquido a pagar | saldo | totale da pagare | netto a pagare | da pagare | importo da pagare | totale dovuto | valor a pagar
        te betalen | te voldoen | openstaand bedrag | te betalen bedrag | nog te betalen | do zapłaty | razem do zapłaty | pozostało do zapłaty | k úhradě | celkem k úhradě | zbývá uhradit | k zaplacení | na úhradu | spolu na úhradu | att betala | summa att betala | belopp att betala | at betale | til betaling | å betale | beløp å betale | til gode? | maksettava | maksettava yhteensä | ödenecek tutar | ödenecek | total de plată | de plată | rest de plată | fizetendő | fizetendő összesen | fizetendő végösszeg | πληρωτέο | πληρωτέο ποσό | ποσό πληρωμής | к оплате | всего к оплате | итого к оплате | до сплати | всього до сплати | za platiti | za plaćanje | za plačilo
        应付金额 | 应付总额 | 实付金额 | 未付金额 | お支払金額 | 支払金額 | 差引請求額 | 残高 | 지불금액 | 청구금액 | 납부금액 | 미수금
    """,
    "discount": """
        discount | total discount | less discount | disc | trade discount | total discounts | allowance | rebate | discount amount | coupon | savings | rabatt | nachlass | abzgl rabatt | sondernachlass | gesamtrabatt | abzüglich rabatt | nachlässe | summe nachlässe | abschlag | gesamtabschläge | skontobetrag? | remise | remise totale | rabais | descuento | dto | sconto | totale sconto | desconto | korting | rabat | sleva | zľava | alennus | iskonto | indirim | toplam iskonto | reducere | discount | kedvezmény | έκπτωση | скидка | знижка | popust | 折扣 | 优惠 | 値引 | 割引 | 할인 | agency commission | less agency commission | agency discount
    """,
    "charge": """
        surcharge | charges | service charge | handling | handling fee | service fee | svc charge | zuschlag | gesamtzuschläge | zuschläge | bearbeitungsgebühr | frais | frais de dossier | recargo | spese | toeslag | opłata | poplatek | avgift | gebyr | servis ücreti | serv charge | service chg | service tax?
    """,
    "shipping": """
        shipping | freight | delivery charge | postage | shipping cost | shipping & handling | shipping and handling | delivery fee | carriage | delivery cost | p&p | shipping charges | delivery charges | versandkosten | versand | fracht | porto | frachtkosten | zzgl versandkosten | versandkostenpauschale | transportkosten | porto & verpackung | lieferkosten | frais de port | frais de livraison | port | transport | frais d'expédition | gastos de envío | portes | spese di spedizione | spese di trasporto | spese trasporto | portes de envio | verzendkosten | koszty wysyłki | koszt dostawy | doprava | poštovné | frakt | fragt | toimituskulut | kargo | kargo ücreti | cheltuieli de transport | szállítási költség | μεταφορικά | доставка | 运费 | 送料 | 配送料 | 배송비
    """,
    "_tax_rate": """
        vat rate | tax rate | vat % | tax % | mwst-satz | steuersatz | mwst % | ust % | taux tva | taux de tva | taux | aliquota | aliquota iva | tipo iva | tipo | taxa | btw % | btw tarief | stawka vat | stawka | sazba dph | sazba | momssats | mva sats | alv % | kdv oranı | cota tva | áfa kulcs | ставка ндс | ставка | 税率 | 세율
    """,
    "iban": """
        iban | iban code | iban {en} | iban-nr | iban/account | bank iban
    """,
    "bic": """
        bic | swift | bic/swift | swift/bic | bic code | swift code | bic-code | swift-bic | bic-nr | swift-code
    """,
    "payment_terms": """
        payment terms | terms of payment | terms | zahlungsbedingungen | zahlungsbedingung | zahlungskonditionen | zahlungsziel | conditions de paiement | conditions de règlement | modalités de paiement | condiciones de pago | condizioni di pagamento | termini di pagamento | condições de pagamento | betalingsvoorwaarden | betaaltermijn | warunki płatności | platební podmínky | betalningsvillkor | betalingsbetingelser | betalingsvilkår | maksuehdot | maksuehto | ödeme koşulları | condiții de plată | fizetési feltételek | условия оплаты | умови оплати | 付款条件 | 支払条件 | お支払条件 | 결제조건 | mode de règlement? | zahlungsinformationen
    """,
    "seller_phone": """
        phone | tel | telephone | telefon | telefone | teléfono | telefono | téléphone | tél | tel {en} | fon | telefoon | puhelin | puh | tlf | telefonszám | тел | телефон | τηλ | τηλέφωνο | 电话 | 電話 | 전화 | contact no | hp | mobile | mobil | portable | ph | hotline
    """,
    "_fax": """
        fax | telefax | fax {en} | télécopie | faks | факс | 传真 | faksi
    """,
    "seller_email": """
        email | e-mail | mail | courriel | correo electrónico | correo | e-post | epost | sähköposti | e-posta | электронная почта | 邮箱 | メール | 이메일
    """,
    "seller_web": """
        web | website | internet | homepage | www | url | site web | sito web | webseite | stránky
    """,
    "time": """
        time? | uhrzeit | heure | hora | ora | tijd | godzina | čas | tid | kl | klo | aika | saat | idő | время | час | 时间 | 時刻 | 시간
    """,
    "payment_method": """
        payment method | payment type | paid by | payment mode | method of payment | mode of payment | pay method | zahlungsart | zahlart | zahlungsweise | zahlungsmethode | zahlmittel | mode de paiement | moyen de paiement | mode de règlement | forma de pago | método de pago | modalità di pagamento | metodo di pagamento | forma de pagamento | método de pagamento | betaalwijze | betaalmethode | forma płatności | sposób płatności | způsob platby | způsob úhrady | forma úhrady | betalningssätt | betalingsmåte | betalingsform | maksutapa | ödeme şekli | ödeme yöntemi | metoda de plată | fizetési mód | τρόπος πληρωμής | способ оплаты | спосіб оплати | način plaćanja | 支付方式 | 付款方式 | 支払方法 | 결제방법
    """,
    "tendered": """
        cash | cash tendered | amount tendered | tendered | cash received | cash paid | payment amount | paid amount | gegeben | bar | bargeld | bar gegeben | espèces | reçu | rendu? | efectivo | entregado | contanti | contante | gotówka | hotovost | hotově | kontant | kontanter | käteinen | nakit | numerar | készpénz | μετρητά | наличные | готівка | gotovina | 现金 | 現金 | お預り | お預かり | 預り金 | 현금 | 받은금액 | visa | mastercard | master card | credit card | debit card | ec-karte | girocard | kartenzahlung | carte bancaire | bankomat | tarjeta | carta di credito | pinnen | karta | kort | kredi kartı | card | amount received | visa card
    """,
    "change": """
        tagasi | atlikums | grąža | ресто |
        change | change due | cash change | change given | rückgeld | zurück | wechselgeld | rendu | monnaie rendue | monnaie | cambio | vuelto | resto | troco | wisselgeld | terug | reszta | vráceno | vrátit | växel | tillbaka | tilbage | byttepenger | vaihtoraha | takaisin | para üstü | rest | visszajáró | ρέστα | сдача | решта | povrat | 找零 | 找续 | お釣り | おつり | 釣銭 | お釣 | 거스름돈
    """,
    "tip": """
        tip | gratuity | tips | suggested tip? | trinkgeld | pourboire | propina | mancia | gorjeta | fooi | napiwek | spropitné | dricks | drikkepenge | tips | bahşiş | bacșiș | borravaló | φιλοδώρημα | чаевые | 小费 | チップ | 팁
    """,
    "card_tail": """
        card {en} | card ending | card ending in | account ending in | karten {de} | kartennr | carte no | kort nr | xxxx?
    """,
    "_other_id": """
        handelsreg | handelsregister | hrb | hra | amtsgericht | register {de} | registergericht | gln | gtin | ean | blz | bankleitzahl | kontonr | konto | konto {de} | kto | kto-nr | kontonummer | sort code | account holder | bank | bankverbindung | bankname | bank code | routing {en} | bank account | bank account no | compte bancaire | rib | capital | capital social | ape | naf | code ape | seite | page | page no | blatt | projekt {de} | projekt | project {en} | kostenstelle | angebot {de} | angebots {de} | quote {en} | quotation {en} | contract {en} | vertrag {de} | serial {en} | tracking {en} | cashier | cashier {en} | till | table | table {en} | pos {en} | server | operator | counter | terminal {en} | terminal | tid | mid | merchant {en} | auth {en} | approval code | batch {en} | trace {en} | stan | rrn | guest | guests | covers | pax | sachbearbeiter | bearbeiter | ansprechpartner | zip | plz | vehicle {en} | mandats {de} | mandatsreferenz | gläubiger-id | gläubiger-identifikationsnummer | verwendungszweck | referenz | reference | reference {en} | ref {en} | our ref {en} | our reference | unser zeichen | artikel {de} | art-nr | art nr | item {en} | product {en} | sku | part {en} | référence | réf | agency code | estimate {en} | est {en} | advertiser code | product code | station | market | demo | alt order {en} | rev | revision | version | deal {en} | copy | bar code | barcode | ust-idnr und | pedido compra? | store {en} | shop {en} | outlet | branch | staff | salesperson | sales person | salesman | rep | member card | points
    """,
    "_other_date": """
        print date | printed on | printed | druckdatum | gedruckt am | eingangsdatum | expiry date | expiration date | valid until | gültig bis | angebotsdatum | date of birth | geburtsdatum | vertragsbeginn | broadcast month | date entered | entered | received | modified | revised | skonto bis | valid thru | exp date | check-in | check-out | arrival | departure | last update | version date
    """,
    "_other_amount": """
        unit price | price | qty | quantity | menge | einzelpreis | preis | stückpreis | prix unitaire | p.u. | pu ht | prix | precio | precio unitario | prezzo | prezzo unitario | prijs | cena | cena jedn | pris | á-pris | hinta | fiyat | birim fiyat | preț | egységár | τιμή | цена | ціна | 单价 | 単価 | 数量 | 단가 | 수량 | grundkapital | stammkapital | carry forward | übertrag | carried forward | brought forward | report | total items | item count | items | total qty | total quantity | rounding | rounding adj | rounding adjustment | rundung | rate | spots | total spots | average | total savings | points | stk | anzahl | ep | vk | gp | skonto | previous balance | opening balance | positionssumme | gesamtpreis | line total | exchange rate
    """,
    "_excl": """
        excl | exkl | excluding | exclusive | ohne | without | hors | before | sin | senza | sem | excl. | exclude | exclusive of | ex | exc | bez | ekskl | eks | net of | fara
    """,
    "_incl": """
        incl | inkl | including | inclusive | mit | with | inc | inclusive of | inklusive | einschließlich | einschl | comprise | comprises | compris | avec | incluido | incluida | inclusa | incluso | inclusief | après | z | s | включая | sis | dahil | inc.
    """,
}
"""Field names, and names of what else owns values (with a leading underscore)."""

WIDE: dict[str, str] = {
    "_other_party": """
        ship to | shipped to | ship-to | deliver to | deliver-to | delivered to | delivery to | delivery address | shipping address | delivery location | consignee | place of delivery | service address | site address | notify party | location of service
        lieferadresse | lieferanschrift | lieferung an | warenempfänger | versandadresse | versandanschrift | lieferort | leistungsort | abweichender warenempfänger | abweichender zahlungsempfänger | zahlungsempfänger | abweichende lieferanschrift | einsatzort | objekt | baustelle | bauvorhaben | steuerbevollmächtigter des verkäufers | steuervertreter | versand an | empfänger der lieferung | lieferempfänger
        adresse de livraison | livré à | livrer à | lieu de livraison | livraison à | destinataire de la livraison | adresse d'intervention | dirección de envío | dirección de entrega | enviar a | entregar en | entregar a | lugar de entrega | destino | luogo di consegna | luogo di destinazione | destinazione | destinazione merce | destinazione della merce | indirizzo di consegna | indirizzo di spedizione | spedire a | morada de entrega | local de entrega | endereço de entrega
        afleveradres | leveradres | bezorgadres | verzendadres | geleverd aan | adres dostawy | miejsce dostawy | adres wysyłki | dodací adresa | místo dodání | dodacia adresa | leveransadress | leverans till | leveringsadresse | leveres til | leveringssted | toimitusosoite | teslimat adresi | sevk adresi | adresa de livrare | szállítási cím | διεύθυνση παράδοσης | грузополучатель | адрес доставки | 送货地址 | 收货地址 | 収貨人 | 納品先 | お届け先 | 배송지
    """,
    "_other_id": """
        registered in england | registered in england no | registered no | registered number | registered in england and wales | registered in england and wales no | registered in scotland | company registered no | registered office | charity no | registered charity no | licence no | license no | policy no | policy number | case no | case number | claim no | permit no | sort code | account holder no | routing no | routing number | aba | ein no
        versicherungsnummer | versicherungsschein-nr | versicherungsscheinnummer | policennummer | police nr | vertragsnr | vertrags-nr | zählernummer | zähler-nr | patientennummer | patienten-nr | fahrt-nr | wagen-nr | konzessionsnummer | konzessions-nr | registernummer | registergericht | hrb | hra | amtsgericht | handelsregister | handelsregisternummer | gläubiger-id-nr | kennzeichen | aktenzeichen | az | lief-nr | lieferantennummer | lieferanten-nr | kreditorennummer | gln | iln | globale nummer | globale nr | gtin | ean | bankleitzahl | blz | konto | kontonummer | konto-nr | kto-nr | kto | wee-reg-nr
        n° police | numéro de contrat | n° contrat | numéro de série | code naf | code ape | ape | naf | rcs | capital | n° dossier | n° fournisseur | code fournisseur | póliza | n° de contrato | matrícula | expediente | rea | capitale sociale | cap soc | codice fornitore | cod fornitore | polizza | targa | kvk nummer | inschrijvingsnummer | polisnummer | leveranciersnummer | nr konta | konto nr | numer konta | bankgiro | plusgiro | giro | ocr | ocr-nummer | ocr nr | kontonr | reg nr
        zu rechnung {de} | zur rechnung {de} | bezug rechnung {de} | bezugsrechnung {de} | originalrechnung {de} | ursprungsrechnung {de} | ursprüngliche rechnung {de} | korrigierte rechnung {de} | vorherige rechnung {de} | vorgängerrechnung {de} | referenzrechnung {de} | rechnungsreferenz | storno zu rechnung {de} | gutschrift zu rechnung {de} | korrektur zu rechnung {de} | korrektur der rechnung {de} | berichtigte rechnung {de} | vorausgegangene rechnung {de} | gutschrift zur rechnung {de} | bezieht sich auf rechnung {de}
        original invoice {en} | original invoice | related invoice {en} | corrected invoice {en} | previous invoice {en} | against invoice {en} | ref invoice {en} | reference invoice {en} | invoice ref {en} | applies to invoice {en} | credit for invoice {en} | preceding invoice {en} | original bill {en}
        facture d'origine {ro} | facture d'origine | facture initiale {ro} | facture initiale | {ro} facture d'origine | sur facture {ro} | avoir sur facture {ro} | factura rectificada | factura original {ro} | {ro} factura original | fattura originale {ro} | rif fattura {ro} | oorspronkelijke factuur {nl} | fatura de origem | faktura korygowana {sl} | do faktury {sl} | původní faktura {sl} | ursprunglig faktura {no}
        trip {en} | ride {en} | lease {en} | gate {en} | room {en} | seat {en} | ticket {en} | model {en} | batch {en} | lot {en} | page {en} | tel {en} | phone {en} | mobile {en} | suite {en} | unit {en} | route {en} | job {en} | employee {en} | driver {en} | file {en} | booking {en} | reservation {en} | confirmation {en} | subscription {en} | supplier {en} | vendor {en} | booking ref | booking reference
        fahrt {de} | zimmer {de} | buchungs {de} | reservierungs {de} | vorgangs {de} | abo {de} | personal {de} | mitarbeiter {de} | auftragnehmer {de} | chargen {de} | charge {de} | geräte {de} | modell {de} | telefon {de} | mobil {de} | rufnummer | mandanten {de} | akten {de} | miet {de} | mietvertrag {de} | patienten {de} | bestands {de} | steuer-ident {de}
        {ro} de réservation | réservation {ro} | {ro} de bail | {ro} d'abonnement | {ro} de dossier | {ro} de ligne | {ro} de police | course {ro} | {ro} de contrat | {ro} de série | {ro} fournisseur | {ro} de contador | {ro} de serie
    """,
    "invoice_number": """
        bitte bei zahlung angeben | bei zahlung bitte angeben | bei zahlung angeben | please quote with payment | please quote | à rappeler | rechnungskorrektur {de} | rechnungskorrektur | korrektur {de} | storno-rechnung {de} | stornorechnung {de} | gutschrifts {de} | quittungs {de} | quittung {de} | proforma {de} | proforma-rechnung {de} | proforma-rechnung? | vorgang {de}? | faktura {de} | faktur {de} | einzelrechnung {de} | monatsrechnung {de} | rechnungs/beleg {de} | rechnung/beleg {de}
        reference no? | reference? | statement {en}? | voucher {en}? | proforma invoice {en} | pro forma {en} | proforma {en} | credit {en}? | vat invoice {en} | invoice reference | invoice ref | invoice/receipt {en} | receipt/invoice {en} | self-billed invoice {en} | commercial invoice {en} | invoice code | order/invoice {en}
        {ro} de document? | numéro de pièce | {ro} d'avoir | référence facture | référence de la facture | facture/avoir {ro} | reçu {ro} | {ro} de reçu | quittance {ro} | {ro} de quittance | relevé {ro}? | note {ro}? | {ro} de facturation
        {ro} de documento? | factura simplificada {ro} | factura rectificativa {ro} | abono {ro} | recibo {ro} | serie y número | {ro} documento? | nota di credito {ro} | ricevuta {ro} | parcella {ro} | creditnota {nl} | creditfactuur {nl} | nota {nl} | notanummer | bon {nl}? | faktura korygująca {sl} | nota korygująca {sl} | korekta {sl} | faktura końcowa {sl} | faktura zaliczkowa {sl} | rachunek {sl} | doklad {sl}? | kreditnota {no} | kreditfaktura {no} | fatura/recibo {ro} | nota de crédito {ro}
    """,
    "invoice_date": """
        datum der ausstellung | rechnung erstellt am | erstellungsdatum | rechnungsstellung | fakturadatum | fakturierungsdatum | rg.datum | rechnungsdat | korrekturdatum | datum der gutschrift | bill dated | invoice issued | issued at | raised on | credit note date | statement date? | created on? | generated on?
        date d'édition | établie le | édité le | date de l'avoir | date de pièce | facturé le | émis le | date du relevé? | fecha de la factura | fecha de documento? | fecha doc? | data doc | data del documento | data di fatturazione | data ricevuta | opgemaakt op | datum nota | creditdatum | wystawiono | data sporządzenia | fakturan päiväys | utställd | kreditdato
    """,
    "delivery_date": """
        levererat den | levererad den | leveret den | levert den | toimitettu | geleverd op | delivered | shipped | expédié le | enviado el | spedito il
    """,
    "total_net": """
        nettobeitrag | nettoprämie | beitrag netto | nettohonorar | net premium | prime nette | prime ht | current charges before tax | charges before tax
        taxexclusiveamount | tax exclusive amount | taxbasistotalamount | tax basis total amount
    """,
    "total_tax": """
        versicherungsteuer | versicherungssteuer | insurance premium tax | ipt | taxe d'assurance | imposta di assicurazione | taxtotalamount | tax total amount | taxamount
    """,
    "total_gross": """
        gesamtbeitrag | bruttobeitrag | gesamthonorar | total premium | prime ttc | total charges | taxinclusiveamount | tax inclusive amount
        grandtotalamount | grand total amount | total amt payable | amt payable | nett total | total rm | total sales inclusive | total inclusive gst | total incl gst | net total? | bill total | bill amount | total bill | total sale | total sales | sale total | total after rounding | rounded total | total rounded
    """,
    "amount_due": """
        payableamount | payable amount | duepayableamount | due payable amount
    """,
    "customer_number": """
        advertiser code | advertiser id | agency code | client code
    """,
    "_other_amount": """
        previous balance | prior balance | last balance | balance forward | balance brought forward | opening balance | amount of last bill | previous amount due | last statement balance | vorheriger saldo | alter saldo | saldovortrag | saldo vortrag | vortrag | offener saldo | letzte rechnung | ancien solde | solde précédent | solde antérieur | solde initial | report à nouveau | saldo anterior | saldo precedente | vorig saldo | poprzednie saldo
    """,
    "_other_date": """
        departure date | arrival date | date of departure | check-in date | check-out date | birth date | dob | trip date | travel date | start of cover | expiry | renewal date | next billing date | next payment | next invoice date | period of cover from | reisedatum | anreise | abreise | geb am | geboren am | versicherungsbeginn | nächste abbuchung | nächste fälligkeit | ablaufdatum | datum der fahrt | date de départ | date d'arrivée | date de naissance | né le | née le | date d'effet | prochaine échéance | fecha de nacimiento | fecha de salida | fecha de llegada | data di nascita | data di partenza | geboortedatum | vertrekdatum | data urodzenia
    """,
    "seller_name": """
        kontoinhaber? | account holder? | auftragnehmer | titulaire du compte? | beneficiary? | begünstigter?
    """,
    "buyer_name": """
        rechnungsanschrift an | rechnung geht an | für: | an: | versicherungsnehmer | policyholder | assuré | souscripteur | mandant | mieter | tenant | locataire | auftraggeber/rechnungsempfänger | kunde/rechnungsempfänger | bill to party | bill to address | invoice recipient | recipient? | invoice for | billed for? | prepared for | customer details | customer information | client details | your details | guest? | empfänger/kunde | rechnungsempf | patient? | adressé à | facturation à | à facturer à | coordonnées client | cliente/destinatario | datos de facturación | facturado por? | dati cliente | dati destinatario | committente/cessionario | factureren aan | gefactureerd aan | klantgegevens | dane nabywcy | płatnik | fakturamodtager | mottagare | laskun saaja
    """,
}
"""Names that rules know beside those above; the marks that networks are trained with do not."""

HEADS: dict[str, str] = {
    "position": """
        pos | position | no | nr | item no | line | # | s/n | sl no | lfd nr | ligne | posten | lp | poz | č | línea | riga | linha | regel | rad | rivi | sıra no | sıra | nr crt | sorszám | α/α | № | п/п | 序号 | 番号 | 순번
    """,
    "article_number": """
        article | article no | art no | art.nr | art.-nr | artnr | artikel | artikelnummer | artikel-nr | item code | product code | sku | code | part number | part no | material | référence | réf | code article | código | ref | codice | cod | artikelnr | article number | kod | kód | varenr | artikelnr | tuotenro | stok kodu | cod produs | cikkszám | κωδικός | артикул | код | šifra | 货号 | 商品コード | 품번 | art-nr-lieferant | art-nr-lief | gtin | item number | bestellnr | hsn | hsn code | upc
    """,
    "description": """
        description | item | items | product | product description | details | particulars | service | services | item description | bezeichnung | beschreibung | artikelbezeichnung | artikelbeschreibung | leistung | leistungsbeschreibung | text | ware | produkt | produktbeschreibung | désignation | libellé | désignation des produits | prestation | descripción | concepto | artículo | detalle | descrizione | descrizione articolo | prodotto | designação | descrição | artigo | omschrijving | product | opis | nazwa | nazwa towaru lub usługi | nazwa towaru | nazwa usługi | popis | název | označení dodávky | beskrivning | benämning | artikel | produkt | beskrivelse | varetekst | kuvaus | tuote | nimike | açıklama | ürün | mal hizmet | denumire | descriere | denumirea produselor sau a serviciilor | megnevezés | περιγραφή | είδος | наименование | товар | описание | найменування | опис | naziv | 品名 | 项目 | 商品名称 | 货物或应税劳务名称 | 项目名称 | 内容 | 摘要 | 商品名 | 품목 | 품명 | 내역 | 적요
    """,
    "quantity": """
        qty | quantity | hours | units | menge | anzahl | stück | stk | quantité | qté | qte | cantidad | cant | quantità | q.tà | qta | quantidade | qtd | qt | aantal | ilość | množství | mn | antal | mängd | antall | määrä | kpl | miktar | cantitate | cant. | mennyiség | ποσότητα | количество | кол-во | кількість | к-сть | količina | kol | 数量 | 수량 | billed qty | shipped
    """,
    "unit": """
        unit | uom | u/m | einheit | eh | me | unité | unidad | ud | u.m. | um | unidade | eenheid | jm | j.m. | mj | enhet | yksikkö | birim | u.m | me. | egység | μμ | ед. | ед изм | од | jed | 单位 | 単位 | 단위 | meng.-einheit
    """,
    "unit_price": """
        unit price | price | rate | price each | unit cost | each | cost | net price | price/unit | einzelpreis | preis | stückpreis | e-preis | ep | einzelpreis netto | einzel | nettopreis | preis/einheit | einheitspreis | preis pro einheit | prix unitaire | pu | p.u. | p.u. ht | pu ht | prix unitaire ht | prix | prix net | precio | precio unitario | precio ud | prezzo | prezzo unitario | p. unitario | preço | preço unitário | prijs | stukprijs | prijs per stuk | eenheidsprijs | cena | cena jedn | cena jednostkowa | cena netto | cena jednostkowa netto | jedn. cena | cena za mj | cena/mj | pris | á-pris | à-pris | a pris | enhetspris | stk pris | enhedspris | à pris | hinta | a-hinta | yksikköhinta | birim fiyat | birim fiyatı | preț unitar | preț | egységár | nettó egységár | τιμή | τιμή μονάδας | цена | ціна | jed. cijena | cijena | 单价 | 単価 | 단가
    """,
    "tax_rate": """
        vat | vat % | tax | tax % | tax rate | vat rate | gst | mwst | mwst % | mwst-% | ust | ust % | mwst-satz | steuersatz | steuer | tva | tva % | taux tva | % tva | iva | iva % | % iva | btw | btw % | btw% | stawka vat | vat stawka | dph | dph % | % dph | sazba | moms | moms % | mva | mva % | alv | alv % | kdv | kdv % | kdv oranı | tva | áfa | áfa % | áfa kulcs | φπα | φπα % | ндс | пдв | pdv | pdv % | 税率 | 세율
    """,
    "amount": """
        amount | total | line total | net amount | total price | extended price | ext price | subtotal | value | net | total amount | net total | total net | line amount | ext. price | betrag | gesamt | gesamtpreis | summe | gesamt netto | nettobetrag | netto | gesamtbetrag | positionssumme | g-preis | gp | nettowert | betrag eur | entgelt | gesamt € | summe netto | montant | montant ht | total ht | total | prix total | total net | importe | total | subtotal | importo | totale | valore | valor | importe neto | bedrag | totaal | totaalprijs | wartość | wartość netto | kwota | částka | celkem | celkem bez dph | cena celkem | belopp | summa | beløb | i alt | beløp | sum | totalt | summa | yhteensä | tutar | tutarı | mal hizmet tutarı | toplam | valoare | valoarea | total | összeg | érték | nettó érték | nettó összeg | αξία | σύνολο | сумма | стоимость | сума | вартість | iznos | ukupno | vrijednost | 金额 | 金額 | 合计 | 小计 | 금액 | 공급가액 | 합계
    """,
}
"""Names of the columns of line items, without the prefix `line_`."""
