/// How a page looks: in light and in dark, as the reader's system asks.
module internal PUNet.Cli.Rendering.PageStyle

let private colours =
    ":root{color-scheme:light dark;--paper:#fff;--ink:#1c2126;--faint:#5b6670;--line:#d9dde1;--head:#f3f5f7;--link:#1f5fa8;"
    + "--warn:#8a4b00;--warnbg:#fff4e0;--ran:#e2f3e8;--cached:#eef1f4;--open:#fff4e0;--failed:#fbe3e4}"
    + "@media(prefers-color-scheme:dark){:root{--paper:#15191d;--ink:#e4e8ec;--faint:#9aa6b1;--line:#343b43;--head:#20262c;--link:#7fb4f0;"
    + "--warn:#ffcf8a;--warnbg:#3a2c14;--ran:#1f3b2b;--cached:#252c33;--open:#3a2c14;--failed:#4a2226}}"

let private text =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:68rem;margin:2rem auto;padding:0 1rem;color:var(--ink);background:var(--paper)}"
    + "h1{font-size:1.6rem;overflow-wrap:anywhere}h2{margin-top:2.4rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}"
    + "h3{font-size:1rem;margin:1.2rem 0 .3rem}a{color:var(--link)}nav{columns:3 14rem;margin:1rem 0}nav a{display:block}"
    + ".warning{background:var(--warnbg);color:var(--warn);padding:.4rem .8rem;border-radius:4px}"
    + "details{margin:.4rem 0}summary{cursor:pointer;overflow-wrap:anywhere}figure{margin:1rem 0}figcaption{color:var(--faint)}"

let private tables =
    ".wide{overflow-x:auto}table{border-collapse:collapse;margin:.8rem 0}"
    + "th,td{padding:.25rem .7rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;overflow-wrap:anywhere;min-width:2.5rem}"
    + "thead th{background:var(--head)}td{font-variant-numeric:tabular-nums}td.n,th.n{text-align:right}td.n{white-space:nowrap}"
    + "td.long{font:13px/1.7 ui-monospace,monospace}"

let private pictures =
    "img{max-width:100%;image-rendering:pixelated}.panels{table-layout:fixed;width:100%;min-width:50rem}"
    + ".panels th:first-child{width:11rem}.panels figure{margin:0}.panels td,.panels th[scope=row]{border:0}.panels img{width:100%}"
    + ".key b{padding:0 .5em;border-radius:3px;color:#000}.key .r{background:rgb(60,200,90)}.key .p{background:rgb(240,150,40)}"
    + "svg{max-width:46rem;width:100%;font:11px system-ui,sans-serif}svg text{fill:var(--ink)}"
    + ".grid{stroke:var(--line)}.whisker{stroke:var(--ink)}.edge{fill:none;stroke:var(--faint);stroke-opacity:.4}"
    + "svg.graph{max-width:none;width:auto}.scroll{overflow:auto;max-height:75vh;border:1px solid var(--line);padding:.5rem}"
    + ".stage rect{fill:var(--open);stroke:var(--faint)}.stage.ran rect{fill:var(--ran)}.stage.cached rect{fill:var(--cached)}"
    + ".stage.failed rect{fill:var(--failed)}"
    + "svg .faint text{fill:var(--faint);font-size:10px}.stage.running rect,.stage.failed rect{stroke-width:2.5}"

let private viewer =
    ".canvas{height:min(34rem,80vh);background:#000}canvas{width:100%;height:100%}pre{white-space:pre-wrap;font-size:12px}"
    + "#viewer-key span{display:inline-block;margin:.2rem 1rem 0 0}#viewer-key i{display:inline-block;width:.8em;height:.8em;margin-right:.4em}"
    + "button,select,input{font:inherit}label{margin-right:1rem}"

let private paper = "@media print{.scroll{max-height:none;overflow:visible}nav{display:none}body{max-width:none}}"

/// The whole style sheet.
let sheet = colours + text + tables + pictures + viewer + paper
