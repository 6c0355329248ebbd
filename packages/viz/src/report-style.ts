/** The report's style sheet: light and dark on screen, black on white on paper. Refers to nothing outside. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--ground:#f4f6f9;--page:#fff;--text:#1a2230;--muted:#566173;--line:#d9dfe7;--soft:#f4f6f9;--accent:#1f5fbf;
--info:#1f5fbf;--info-bg:#eaf2fe;--warning:#8a5a00;--warning-bg:#fff5dc;--error:#b3123f;--error-bg:#ffebf0}
@media screen and (prefers-color-scheme:dark){:root{--ground:#0d1116;--page:#151a21;--text:#e8ecf2;--muted:#a3aebd;--line:#313a46;--soft:#1d242d;--accent:#7fb2ff;
--info:#7fb2ff;--info-bg:#17263d;--warning:#e5c454;--warning-bg:#2e2815;--error:#ff8fa8;--error-bg:#38191f}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.6 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;-webkit-text-size-adjust:100%}
main{max-width:880px;margin:32px auto;padding:40px 48px 32px;background:var(--page);border:1px solid var(--line);border-radius:12px}
header{border-bottom:1px solid var(--line);padding-bottom:18px;margin-bottom:24px}
h1{font-size:1.9rem;line-height:1.2;margin:0;letter-spacing:-.01em;text-wrap:balance}
h2{font-size:1.28rem;line-height:1.3;margin:0 0 12px;padding-top:6px}
h3{font-size:1.08rem;line-height:1.35;margin:0 0 10px;padding-top:4px}
.chapter{border-top:2px solid var(--accent);padding-top:22px;margin-top:56px}
.chapter h2{font-size:1.6rem}
h1,h2,h3,p,figcaption,dt,dd,li,caption{overflow-wrap:anywhere}
.subtitle{color:var(--muted);font-size:1.05rem;margin:8px 0 0}
section{margin:0 0 30px}
p{margin:0 0 12px;max-width:72ch}
nav{background:var(--soft);border-radius:8px;padding:14px 20px;margin:0 0 30px}
nav ol{margin:0;padding-left:1.4em;columns:2 260px}
a{color:var(--accent)}
figure{margin:0}
figure img{display:block;max-width:100%;height:auto;image-rendering:pixelated;border-radius:4px}
figure svg{display:block;width:100%;height:auto}
figcaption,caption{color:var(--muted);font-size:.9rem;line-height:1.45;margin-top:8px;text-align:left}
figcaption b,caption b{color:var(--text);font-weight:600}
.gallery img{image-rendering:auto}
.gallery{display:grid;grid-template-columns:repeat(auto-fit,minmax(210px,1fr));gap:20px}
.still{display:none!important}
.scroll{overflow-x:auto}
table{border-collapse:collapse;min-width:60%;font-size:.94rem;font-variant-numeric:tabular-nums}
caption{caption-side:bottom}
th,td{padding:7px 12px;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;border-bottom:2px solid var(--line);vertical-align:bottom}
.number{text-align:right}
td.number{white-space:nowrap}
dl{display:grid;grid-template-columns:minmax(120px,max-content) 1fr;gap:0;margin:0;font-size:.94rem}
dt,dd{padding:5px 0;border-bottom:1px solid var(--line);margin:0}
dt{color:var(--muted);padding-right:28px}
dd{font-variant-numeric:tabular-nums}
.notice{border-left:4px solid;border-radius:6px;padding:12px 18px}
.notice p{margin:0;color:var(--text);white-space:pre-line}
.notice .level{font-weight:600;color:inherit;font-size:.9rem}
.info{border-color:var(--info);background:var(--info-bg);color:var(--info)}
.warning{border-color:var(--warning);background:var(--warning-bg);color:var(--warning)}
.error{border-color:var(--error);background:var(--error-bg);color:var(--error)}
details{background:var(--soft);border-radius:8px;padding:12px 18px}
summary{cursor:pointer;font-weight:600}
details p{margin:12px 0 0}
pre{margin:0;background:var(--soft);border:1px solid var(--line);border-radius:8px;padding:14px 16px;overflow-x:auto;font:.86rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
footer{color:var(--muted);font-size:.85rem;border-top:1px solid var(--line);padding-top:14px}
@media screen and (max-width:640px){figure{overflow-x:auto}figure>svg{min-width:560px}main{margin:0;border:0;border-radius:0;padding:24px 18px}dl{grid-template-columns:1fr}dt{border:0;padding-bottom:0}}
@media (prefers-reduced-motion:reduce){.moving{display:none!important}.still{display:block!important}}
@media print{@page{margin:16mm}
:root{--ground:#fff}body{font-size:10.5pt;line-height:1.45}main{max-width:none;margin:0;padding:0;border:0}
h2,h3{break-after:avoid}.chapter{break-before:page;border:0}figure,.notice,tr,dl>*{break-inside:avoid}thead{display:table-header-group}
section{margin-bottom:16pt}nav{display:none}a{color:inherit;text-decoration:none}
.scroll{overflow:visible}table{font-size:8.5pt}th,td{padding:3pt 5pt;overflow-wrap:anywhere}td.number{white-space:normal}pre{white-space:pre-wrap;overflow-wrap:anywhere}
.gallery{grid-template-columns:repeat(3,1fr)}
.moving{display:none!important}.still{display:block!important}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`;
