BEGIN TRANSACTION;
CREATE TABLE details (record INTEGER PRIMARY KEY, request TEXT NOT NULL, turn TEXT);
INSERT INTO "details" VALUES(1882906115667122469,'{}',NULL);
INSERT INTO "details" VALUES(1882906115730599144,'{}',NULL);
INSERT INTO "details" VALUES(1882906115761818986,'{}',NULL);
INSERT INTO "details" VALUES(1882906115781832180,'{}',NULL);
CREATE TABLE images (
        sha256 TEXT PRIMARY KEY, mime_type TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
        bytes INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO "images" VALUES('05d770ed37b0c9e86fa3437d7a57001b613d3ab45ebeee88bc775d1e1f0c83d5','image/png',16,12,80);
INSERT INTO "images" VALUES('535f3f54bd8eabef38722897171701a5b0af7a5aca7d280abf39cf8d8c7e831e','image/png',16,12,80);
INSERT INTO "images" VALUES('54920cdb06d3e5484107243f66285a0ff9044e182004a0709e6f924bcff12013','image/png',16,12,79);
INSERT INTO "images" VALUES('c20a08ff6f376a9679f430cff05cbe693c01c332bcd81380678731b46301aa3c','image/png',16,12,80);
INSERT INTO "images" VALUES('e15b81365366f19c6af74b7ea8e9855dfd1d525f69ca21e8b981807219a6d005','image/png',16,12,79);
CREATE TABLE pictures (
        record INTEGER NOT NULL, role TEXT NOT NULL, position INTEGER NOT NULL, sha256 TEXT NOT NULL,
        name TEXT NOT NULL, PRIMARY KEY (record, role, position)) WITHOUT ROWID;
INSERT INTO "pictures" VALUES(1882906115667122469,'input',0,'c20a08ff6f376a9679f430cff05cbe693c01c332bcd81380678731b46301aa3c','cat.png');
INSERT INTO "pictures" VALUES(1882906115667122469,'output',0,'535f3f54bd8eabef38722897171701a5b0af7a5aca7d280abf39cf8d8c7e831e','');
INSERT INTO "pictures" VALUES(1882906115730599144,'input',0,'c20a08ff6f376a9679f430cff05cbe693c01c332bcd81380678731b46301aa3c','cat.png');
INSERT INTO "pictures" VALUES(1882906115730599144,'output',0,'05d770ed37b0c9e86fa3437d7a57001b613d3ab45ebeee88bc775d1e1f0c83d5','');
INSERT INTO "pictures" VALUES(1882906115761818986,'input',0,'c20a08ff6f376a9679f430cff05cbe693c01c332bcd81380678731b46301aa3c','cat.png');
INSERT INTO "pictures" VALUES(1882906115761818986,'output',0,'e15b81365366f19c6af74b7ea8e9855dfd1d525f69ca21e8b981807219a6d005','');
INSERT INTO "pictures" VALUES(1882906115781832180,'input',0,'c20a08ff6f376a9679f430cff05cbe693c01c332bcd81380678731b46301aa3c','cat.png');
INSERT INTO "pictures" VALUES(1882906115781832180,'output',0,'54920cdb06d3e5484107243f66285a0ff9044e182004a0709e6f924bcff12013','');
CREATE TABLE records (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL, take INTEGER NOT NULL, sandbox INTEGER NOT NULL,
        status TEXT NOT NULL, owner TEXT NOT NULL, started TEXT NOT NULL, prompt TEXT NOT NULL,
        model TEXT NOT NULL, model_sent TEXT NOT NULL, model_answered TEXT, provider TEXT NOT NULL,
        wire TEXT NOT NULL, aspect_ratio TEXT, image_size TEXT, parent INTEGER, notebook TEXT NOT NULL,
        context TEXT NOT NULL, billing TEXT NOT NULL, amount TEXT, currency TEXT NOT NULL,
        certain INTEGER NOT NULL, cost_source TEXT NOT NULL, cost_as_of TEXT NOT NULL, elapsed REAL,
        response_id TEXT, request_id TEXT, finish_reason TEXT, usage TEXT, text TEXT NOT NULL,
        warnings TEXT NOT NULL, error_category TEXT, error_message TEXT NOT NULL, attempts INTEGER NOT NULL,
        lost INTEGER NOT NULL, starred INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '',
        tags TEXT NOT NULL DEFAULT '[]');
INSERT INTO "records" VALUES(1882906115667122469,'a1b2c3.d4',1,1,'done','','2026-11-26T07:46:42.684324+00:00','Turn the day into night','nano-banana-pro','gemini-3-pro-image-preview',NULL,'sandbox','gemini',NULL,NULL,NULL,'paper.ipynb','refeed','free',NULL,'',0,'','',0.5,NULL,NULL,NULL,NULL,'','[]',NULL,'',1,0,0,'','["panel:cell-1:1:6dd2b0b1"]');
INSERT INTO "records" VALUES(1882906115730599144,'a1b2c3.d4',1,1,'done','','2026-11-26T07:46:42.776151+00:00','Make it snow','nano-banana-pro','gemini-3-pro-image-preview',NULL,'sandbox','gemini',NULL,NULL,NULL,'paper.ipynb','refeed','free',NULL,'',0,'','',0.5,NULL,NULL,NULL,NULL,'','[]',NULL,'',1,0,0,'','["panel:cell-1:1:6dd2b0b1", "mine"]');
INSERT INTO "records" VALUES(1882906115761818986,'a1b2c3.d4',1,1,'done','','2026-11-26T07:46:42.806260+00:00','Make it autumn','nano-banana-pro','gemini-3-pro-image-preview',NULL,'sandbox','gemini',NULL,NULL,NULL,'paper.ipynb','refeed','free',NULL,'',0,'','',0.5,NULL,NULL,NULL,NULL,'','[]',NULL,'',1,0,0,'','["favourite", "paper-fig-2", "panel: to discuss"]');
INSERT INTO "records" VALUES(1882906115781832180,'a1b2c3.d4',1,1,'done','','2026-11-26T07:46:42.825159+00:00','Make it spring','nano-banana-pro','gemini-3-pro-image-preview',NULL,'sandbox','gemini',NULL,NULL,NULL,'paper.ipynb','refeed','free',NULL,'',0,'','',0.5,NULL,NULL,NULL,NULL,'','[]',NULL,'',1,0,0,'','["late"]');
CREATE TABLE replays (
        time TEXT NOT NULL, record INTEGER NOT NULL, model TEXT NOT NULL, notebook TEXT NOT NULL,
        currency TEXT NOT NULL, amount TEXT);
CREATE TABLE search_state (stale INTEGER NOT NULL);
INSERT INTO "search_state" VALUES(1);
CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
INSERT INTO "words" VALUES(1882906115667122469,'turn the day into night
panel:cell-1:1:6dd2b0b1');
INSERT INTO "words" VALUES(1882906115730599144,'make it snow
panel:cell-1:1:6dd2b0b1 mine');
INSERT INTO "words" VALUES(1882906115761818986,'make it autumn
favourite paper-fig-2 panel: to discuss');
INSERT INTO "words" VALUES(1882906115781832180,'make it spring
late');
CREATE INDEX answers ON records (key, take, sandbox, id) WHERE status = 'done';
CREATE INDEX running ON records (owner) WHERE status = 'running';
CREATE INDEX children ON records (parent, id) WHERE parent IS NOT NULL;
CREATE INDEX browse ON records (id, started, status, starred, model, model_sent, notebook);
CREATE INDEX ledger ON records (billing, started, model_sent, notebook, currency, amount, status);
CREATE INDEX needed ON pictures (sha256);
CREATE INDEX replayed ON replays (time);
COMMIT;
PRAGMA user_version = 1;
