SELECT * FROM "order"

SELECT * FROM order

SELECT "group", "Select", größe, [a b] FROM "order"

SELECT group FROM "order"

SELECT "SELECT" FROM "order"

SELECT größe FROM "order" WHERE größe > 1

SELECT grösse FROM "order"

SELECT GRÖßE FROM "order"

SELECT key, own FROM json_each

SELECT key, value FROM json_each

SELECT key, value FROM json_each('[1]')

SELECT own FROM json_each('[1]')

SELECT key, desc FROM Key

SELECT "desc" FROM "Key" ORDER BY key DESC

SELECT Key.key, k.key FROM Key, Key AS k

SELECT rowid FROM Key

SELECT _rowid_ FROM Key

SELECT rowid FROM "order"

SELECT key, value FROM window

SELECT * FROM "window" WHERE key = 1

SELECT w.value FROM window AS w

SELECT max(key) over FROM Key

SELECT count(*) filter FROM Key

SELECT "a b" AS "x y" FROM "order" ORDER BY "x y"

SELECT "größe" AS größe FROM "order" WHERE "Select" IS NOT NULL

SELECT "größe" FROM "order" o JOIN Key ON Key.desc = o."group"

SELECT Key.desc FROM "order" o LEFT JOIN Key ON Key.desc = o."group"

SELECT 1 AS "Key", key FROM Key

SELECT 'é' || "Select", "ungültig" FROM "order"

SELECT ÿ FROM "order"

SELECT end FROM Key

SELECT k."key", k.desc FROM Key k

SELECT Key.rowid FROM Key

SELECT replace("Select", 'a', 'b') FROM "order"

SELECT left FROM Key

SELECT cross FROM Key
