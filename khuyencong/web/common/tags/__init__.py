"""The components that pages are made of.  They are template builtins: nothing has to be loaded.

Words of a page are given with ``_("…")``, also as values of components: ``{% panel _("Giấy tờ") %}``.

A page::

    {% extends "base.html" %}
    {% block title %}{{ project.title }}{% endblock %}
    {% block main %}
    {% crumbs "Đề án" list_url "Năm 2026" "" project.code %}
    {% head project.title sub=line %}
      <a class="btn btn-quiet" href="…">Ghi nhận văn bản</a><a class="btn btn-primary" href="…">Nghiệm thu</a>
    {% endhead %}
    …
    {% endblock %}

========== ==========================================================================================================
head       ``{% head title sub="một câu" %}buttons{% endhead %}``: one h1, one sentence, the primary button last
crumbs     ``{% crumbs label url label url last %}``: pairs, the last label without address; "" for a step without one;
           ``{% trail steps last %}`` the same from a list of (label, address)
panel      ``{% panel "Kinh phí theo nguồn" note="triệu đồng" id="tien" %}…{% endpanel %}``: a section with its heading;
           ``edit=url``: the step that changes it, taken inside the panel
facts      ``{% facts %}{% fact "Hạn" %}{% due day %}{% endfact %}…{% endfacts %}``: facts in a row, for the head of a record;
           ``{% facts list=True %}`` the same as a definition list.  A fact with nothing in it shows "–"
state      ``{% state record %}`` (asks ``get_state_display`` and ``state_mark``) or ``{% state "Đang thực hiện" "run" %}``;
           marks: draft wait run done stop late
table      ``{% table %}<thead>…</thead><tbody>…</tbody>{% endtable %}``: numbers ``td.n``, sums ``tr.sum`` in the head;
           ``kind="kc-fits"`` for a narrow one that need not scroll on a phone
money      ``{% money amount %}`` 1.234.567 đ; ``{% million amount %}`` in a table in triệu đồng, with ``{% million amount 2 %}``
           the column's number of decimals (``parts.places(amounts)``), the missing ones kept as invisible space
due        ``{% due day %}``: 30/11/2026 (còn 7 ngày), amber when near, red when late
tabs       ``{% tabs items %}`` of ``parts.Tab`` (label, url, count, current)
steps      ``{% steps offers %}`` of ``parts.Offer``: what can be done now as buttons, the shut ones as text with the reason
timeline   ``{% timeline events %}`` of ``parts.Event``
checks     ``{% checks items %}`` of ``parts.Check``: papers, conditions: có / thiếu / không áp dụng
figures    ``{% figures items %}`` of ``parts.Figure``, with sparkline
bar        ``{% bar slices "720 triệu đồng: …" %}`` of ``parts.Slice``
todo       ``{% todo items %}`` of ``parts.Todo``, late ones first (the caller sorts)
pager      ``{% pager page %}`` of a Django ``Page`` or ``lists.Listing.page``; keeps the query string
nothing    ``{% nothing "Chưa có đề án nào" %}what to do{% endnothing %}``: an empty list (``empty`` belongs to ``for``)
field      ``{% field form.name %}`` one field with label, hint, errors; ``{{ form }}`` all of them;
           ``{% field form.name look="phone" %}`` on pages of ``base_public.html`` (phones, no Tabler, no script needed);
           ``{% row %}{% field … %}{% field … %}{% endrow %}`` two beside each other
once       ``{% once %}`` in every form that acts: CSRF and the token against double clicks
submit     ``{% submit "Phê duyệt 24 đề án" cancel=url %}``: the one button of a form, with the way out
after      ``{% after "Sau khi ghi nhận" %}<li>…</li>{% endafter %}``: what follows, before the button
sum        ``{% arithmetic warn=False %}50% × 500 = 250 …{% endarithmetic %}``: a calculation as a sentence
confirm    ``{% confirm url "Ngừng đề án" question="…" %}fields, what follows{% endconfirm %}``: asks once, without script
share      ``{% share text url %}``: the phone's own share sheet; without script a text to copy
icon       ``{% icon "check" %}``: never without its word
========== ==========================================================================================================

Blocks of ``base.html``: ``title``, ``main``, ``foot`` (the last line: where figures come from), ``styles``, ``scripts``
(``<script src=… defer>``, never inline).  Pages for phones and the public extend ``base_public.html``: ``title``, ``place``,
``until``, ``main``, ``robots``; no Tabler, no menu.  A context value ``title`` is the title where the block is not filled.

The skeleton of a record: facts, tabs, then what can be done first in the source (phones need it first)::

    {% facts %}…{% endfacts %}{% tabs tabs %}
    <div class="kc-two">
      <aside aria-label="{% trans "Việc làm được bây giờ" %}"><h2>…</h2>{% steps offers %}</aside>
      <div class="kc-body">{% panel … %}…{% endpanel %}</div>
      <aside aria-label="{% trans "Quá trình" %}"><h2>…</h2>{% timeline events %}</aside>
    </div>

The page of a step is ``web/common/steps.py`` and ``desk/step.html``.

Filters: ``amount|dong`` (1.234.567), ``amount|million`` (425,06), ``amount|words`` (Ba tỷ … đồng), ``ratio|percent``
(0.734 → 73,4%), ``day|day`` (22/11/2026), ``moment|moment`` (22/11/2026 08:15), ``number|number`` (1.234), ``value|dash``.
"""
