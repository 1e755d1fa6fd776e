SELECT * FROM a NATURAL JOIN b

SELECT * FROM a JOIN b USING (id)

SELECT * FROM a JOIN b USING (id, x)

SELECT id, x FROM a JOIN b USING (id)

SELECT id, a.x, b.x FROM a JOIN b USING (id)

SELECT id FROM a JOIN b USING (id) JOIN c USING (id)

SELECT * FROM a JOIN b USING (id) JOIN c USING (id, y)

SELECT * FROM a LEFT JOIN b USING (id)

SELECT b.id, b.x FROM a LEFT JOIN b USING (id)

SELECT id, x FROM a RIGHT JOIN b USING (id)

SELECT id, z FROM a FULL JOIN b USING (id)

SELECT id FROM a FULL JOIN b USING (id) WHERE a.id IS NOT NULL

SELECT a.y FROM a FULL JOIN b USING (id) WHERE a.id IS NOT NULL

SELECT y FROM a NATURAL LEFT JOIN c

SELECT * FROM a NATURAL FULL JOIN b

SELECT y FROM a, c

SELECT a.y FROM a, c

SELECT a.* , c.* FROM a, c

SELECT w FROM a LEFT JOIN c ON a.id = c.id WHERE c.w > 0

SELECT w FROM a LEFT JOIN c ON a.id = c.id WHERE a.x > 0

SELECT c.w, b.x FROM a LEFT JOIN b ON a.id = b.id LEFT JOIN c ON c.id = b.id WHERE c.w IS NOT NULL

SELECT c.w, b.x FROM a LEFT JOIN b ON a.id = b.id LEFT JOIN c ON c.id = a.id WHERE c.w IS NOT NULL

SELECT b.x, c.w FROM a LEFT JOIN (b JOIN c ON b.id = c.id) ON a.id = b.id

SELECT b.x, c.w FROM a LEFT JOIN (b LEFT JOIN c ON b.id = c.id) ON a.id = b.id WHERE c.w > 0

SELECT b.x, c.w FROM a LEFT JOIN (b LEFT JOIN c ON b.id = c.id) ON a.id = b.id WHERE b.x > 0

SELECT a.y FROM a RIGHT JOIN b ON a.id = b.id

SELECT a.y, b.x FROM a RIGHT JOIN b ON a.id = b.id WHERE a.x = 1

SELECT x FROM a WHERE x = (SELECT max(x) FROM b)

SELECT x FROM (SELECT x FROM a UNION ALL SELECT x FROM b)

SELECT x FROM (SELECT x FROM b UNION ALL SELECT x FROM a)

SELECT x FROM (SELECT x FROM b EXCEPT SELECT x FROM a)

SELECT x FROM (SELECT x FROM a INTERSECT SELECT x FROM b)

SELECT x FROM (SELECT x FROM a EXCEPT SELECT x FROM b)

SELECT rowid, a.rowid, id FROM a

SELECT rowid FROM a, b

SELECT a.id FROM a JOIN a AS a2 USING (id)

SELECT a.id FROM a JOIN a

SELECT * FROM a JOIN a USING (id)

SELECT id FROM a WHERE id IN (SELECT id FROM b WHERE b.x = a.x)

SELECT id FROM a WHERE x IN (SELECT x FROM b WHERE y = 'a')

SELECT id FROM a WHERE x = :x AND y >= :low AND y < :high

SELECT id FROM a WHERE :x = x AND id BETWEEN :low AND :high

SELECT (SELECT x) FROM a

SELECT (SELECT max(a.x) FROM b) FROM a

SELECT y FROM a GROUP BY x HAVING max(id) > 1

SELECT id FROM a UNION SELECT id FROM b UNION SELECT id, w FROM c

SELECT * FROM a UNION SELECT * FROM b

SELECT * FROM a UNION SELECT id, y FROM c

SELECT count(*), id FROM a WHERE id = 99

SELECT max(id), y FROM a

SELECT x FROM a LEFT JOIN b USING (x)

SELECT b.x FROM a LEFT JOIN b USING (x)

SELECT x FROM a JOIN b USING (x)

SELECT b.z FROM a LEFT JOIN b USING (x)

SELECT * FROM a LEFT JOIN (c JOIN b ON c.id = b.id) USING (x)

SELECT x, y, z, w FROM a LEFT JOIN (c JOIN b ON c.id = b.id) USING (x, y)

SELECT a.id FROM a JOIN (b JOIN c ON c.id = b.id) USING (y)

SELECT a.id FROM a JOIN (b JOIN c USING (y)) USING (id)

SELECT id FROM a FULL JOIN b USING (id) FULL JOIN c USING (id)

SELECT id, x FROM a RIGHT JOIN b USING (id, x)

SELECT id FROM a FULL JOIN b USING (id) RIGHT JOIN c USING (id)

SELECT * FROM a FULL JOIN b USING (id, x) LEFT JOIN c ON c.y = a.y

SELECT x FROM (a FULL JOIN b USING (x)) LEFT JOIN c ON w > 1

SELECT x FROM c JOIN (a FULL JOIN b USING (x)) ON w > 1

SELECT x FROM c RIGHT JOIN (a JOIN b USING (x)) ON w > 1

SELECT y FROM a NATURAL FULL JOIN c

SELECT * FROM a NATURAL RIGHT JOIN b

SELECT * FROM (SELECT id, x FROM a) NATURAL FULL JOIN b

SELECT id FROM a WHERE (SELECT id, x FROM b)

SELECT * FROM temp.a

SELECT temp.a.x FROM a

SELECT main.a.x FROM a

SELECT name FROM temp.sqlite_schema

SELECT name, sql, rootpage, tbl_name, type, rowid FROM sqlite_master

SELECT nobody FROM sqlite_schema

SELECT * FROM sqlite_master m JOIN a ON a.y = m.name

SELECT m.nobody FROM sqlite_master m

SELECT * FROM a INDEXED BY nobody

SELECT * FROM c INDEXED BY sqlite_autoindex_c_1 WHERE id = 1

SELECT * FROM a NOT INDEXED
