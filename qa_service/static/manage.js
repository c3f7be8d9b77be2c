// The managing page: upload, find and delete articles, look at what people said.

import * as articles from "./articles.js";
import * as entries from "./entries.js";
import * as uploads from "./uploads.js";
import { language } from "./texts.js";

document.documentElement.lang = language;
articles.listen();
entries.listen();
uploads.listen(articles.draw);
