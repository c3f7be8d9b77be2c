// The managing page: upload, find and delete articles, look at what people said.

import * as articles from "./articles.js";
import * as clusters from "./clusters.js";
import * as entries from "./entries.js";
import * as uploads from "./uploads.js";
import { language } from "./texts.js";

document.documentElement.lang = language;
const drawAll = () => Promise.all([articles.draw(), articles.drawSources(), clusters.draw()]);

articles.listen(drawAll);
articles.drawSources();
clusters.draw();
entries.listen();
uploads.listen(drawAll);
