SELECT * FROM issues

select ID, Title from ISSUES

SELECT issues.* FROM issues

SELECT i.id, i.title FROM issues AS i

SELECT i.id FROM issues i WHERE issues.id = 'a'

SELECT id FROM issues, projects

SELECT issues.id, projects.id FROM issues, projects

SELECT rowid, oid, _rowid_ FROM issues

SELECT issues.rowid FROM issues JOIN projects

SELECT rowid FROM (SELECT id FROM issues)

SELECT count(*) FROM issues

SELECT count(*), name FROM projects

SELECT count(*) FROM issues WHERE points > :least AND title LIKE :like

SELECT max(points) FROM issues GROUP BY project HAVING max(points) > 3

SELECT project, sum(points) AS total FROM issues GROUP BY project ORDER BY total DESC

SELECT title AS t FROM issues WHERE t = 'a'

SELECT title AS t FROM issues ORDER BY t COLLATE NOCASE DESC NULLS LAST

SELECT title AS t, t FROM issues

SELECT title FROM issues ORDER BY 1

SELECT title FROM issues ORDER BY 7

SELECT title FROM issues ORDER BY nobody

SELECT title FROM issues GROUP BY nobody

SELECT id FROM issues UNION SELECT id FROM projects ORDER BY id

SELECT id, title FROM issues UNION SELECT id FROM projects

SELECT id FROM issues EXCEPT SELECT name FROM projects INTERSECT SELECT owner FROM projects

SELECT points FROM issues UNION ALL SELECT 1

VALUES (1, 2), (3, 4)

VALUES (1, 2), (3)

SELECT column1, column2 FROM (VALUES (1, NULL), (2, 'x'))

SELECT * FROM (VALUES (1)) AS v WHERE v.column1 = 1

WITH recent AS (SELECT * FROM issues ORDER BY created_at DESC LIMIT 10) SELECT id, points FROM recent

WITH recent(a, b) AS (SELECT id, points FROM issues) SELECT a, b FROM recent WHERE b IS NOT NULL

WITH recent(a) AS (SELECT id, points FROM issues) SELECT a FROM recent

WITH unused AS (SELECT nobody FROM nothing) SELECT 1

WITH a AS (SELECT * FROM b), b AS (SELECT id FROM issues) SELECT id FROM a

WITH a AS (SELECT * FROM b), b AS (SELECT * FROM a) SELECT * FROM a

WITH a AS (SELECT 1 AS x), a AS (SELECT 2 AS x) SELECT x FROM a

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n

WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n LIMIT 4) SELECT n.i, issues.id FROM n LEFT JOIN issues ON issues.points = n.i

WITH RECURSIVE under(id, depth) AS (SELECT id, 0 FROM issues WHERE id = :root UNION ALL SELECT issues.id, depth + 1 FROM issues JOIN under ON issues.project = under.id) SELECT id, depth FROM under

WITH RECURSIVE loop AS (SELECT * FROM loop) SELECT * FROM loop

WITH issues AS (SELECT name AS id FROM projects) SELECT id FROM issues

WITH issues AS (SELECT * FROM main.issues) SELECT title FROM issues

SELECT (SELECT name FROM projects WHERE projects.id = issues.project) AS name FROM issues

SELECT (SELECT id, name FROM projects) FROM issues

SELECT id FROM issues WHERE project IN (SELECT id FROM projects)

SELECT id FROM issues WHERE project IN (SELECT id, name FROM projects)

SELECT id FROM issues WHERE (id, project) IN (SELECT id, name FROM projects)

SELECT id FROM issues WHERE (id, project) = (SELECT id, name FROM projects)

SELECT id FROM issues WHERE (id, project) > ('a', 'b')

SELECT id FROM issues WHERE project IN projects

SELECT name FROM people WHERE name IN (SELECT * FROM people)

SELECT id FROM issues WHERE project NOT IN ('a', 'b', :c)

SELECT id FROM issues WHERE project IN ()

SELECT id FROM issues WHERE EXISTS (SELECT 1 FROM projects p WHERE p.id = project AND p.owner = title)

SELECT id FROM issues WHERE EXISTS (SELECT 1 FROM projects p WHERE p.id = porject)

SELECT points FROM issues WHERE points IS NOT NULL

SELECT points FROM issues WHERE points > 1 OR points < 0

SELECT points FROM issues WHERE points > 1 OR id = 'a'

SELECT points FROM issues WHERE NOT points IS NULL

SELECT points FROM issues WHERE NOT (points IS NULL OR id = 'b')

SELECT points FROM issues WHERE points NOTNULL AND points NOT BETWEEN 3 AND 4

SELECT points FROM issues WHERE points IN (1, 2)

SELECT points FROM issues WHERE points NOT IN ()

SELECT points FROM issues WHERE points IS 3

SELECT points FROM issues WHERE points IS NOT 3

SELECT points FROM issues WHERE points IS NOT DISTINCT FROM 3

SELECT points FROM issues WHERE points + 1 > 0

SELECT points FROM issues WHERE coalesce(points, 0) > 0

SELECT owner FROM projects WHERE owner LIKE 'a%' ESCAPE '\'

SELECT points AS "points!" FROM issues WHERE id = 'none'

SELECT i.title, p.name FROM issues i LEFT JOIN projects p ON p.id = i.project

SELECT i.title, p.name FROM issues i LEFT JOIN projects p ON p.id = i.project WHERE p.id IS NOT NULL

SELECT i.title, p.name, q.name FROM issues i LEFT JOIN projects p ON p.id = i.project LEFT JOIN people q ON q.name = p.owner WHERE q.name = 'a'

SELECT i.title, p.name FROM projects p RIGHT JOIN issues i ON p.id = i.project

SELECT i.title, p.name FROM issues i FULL JOIN projects p ON p.id = i.project

SELECT i.title, p.name, q.age FROM issues i LEFT JOIN (projects p JOIN people q ON q.name = p.owner) ON p.id = i.project

SELECT i.title, x.name FROM issues i LEFT JOIN (SELECT id, name FROM projects) x ON x.id = i.project

SELECT i.title, pq.age FROM issues i JOIN (projects p JOIN people q) AS pq ON pq.id = i.project

SELECT i.title, p.name FROM issues i JOIN (projects p CROSS JOIN people) USING (id)

SELECT id, name, title FROM issues JOIN projects USING (id)

SELECT * FROM issues JOIN projects USING (id)

SELECT * FROM issues JOIN projects USING (nobody)

SELECT * FROM issues NATURAL JOIN projects

SELECT name FROM projects NATURAL JOIN people

SELECT * FROM issues JOIN projects p USING (id) JOIN people q ON q.name = p.name

SELECT j.value FROM issues, json_each(issues.labels) AS j

SELECT issues.id, json_each.value FROM issues JOIN json_each(labels) WHERE json_each.value = 1

SELECT key, type, atom, fullkey FROM json_tree('[1]')

SELECT json_each.kye FROM json_each('[]')

SELECT value FROM json_eech('[]')

SELECT id FROM issues WHERE 'a' IN (SELECT value FROM json_each(labels))

SELECT labels ->> '$[0]', labels -> 0 FROM issues

SELECT json_extract(labels, '$[0]') AS first, json_array_length(labels) FROM issues

SELECT json_group_array(title) FROM issues

SELECT json_group_array(title ORDER BY id) FILTER (WHERE points > 1) FROM issues

SELECT group_concat(DISTINCT title) FROM issues

SELECT group_concat(DISTINCT title, ',') FROM issues

SELECT count(DISTINCT project) FROM issues

SELECT upper(title, 1) FROM issues

SELECT uper(title) FROM issues

SELECT coalesce(points) FROM issues

SELECT iif(points > 1, 'many') FROM issues

SELECT min(points), max(1, 2), min(1) FROM issues

SELECT sum(points) FROM issues WHERE sum(points) > 1

SELECT id FROM issues WHERE count(*) > 1

SELECT sum(max(points)) FROM issues

SELECT id FROM issues GROUP BY count(*)

SELECT id FROM issues HAVING count(*) > 1

SELECT id FROM issues HAVING points > 1

SELECT rank() OVER (ORDER BY points) FROM issues

SELECT rank() FROM issues

SELECT sum(points) OVER w AS running FROM issues WINDOW w AS (PARTITION BY project ORDER BY created_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)

SELECT sum(points) OVER v FROM issues WINDOW w AS (ORDER BY id)

SELECT upper(title) OVER () FROM issues

SELECT upper(title) FILTER (WHERE points > 1) FROM issues

SELECT lag(points, 1, 0) OVER (ORDER BY id), ntile(4) OVER (ORDER BY id) FROM issues

SELECT id FROM issues WHERE row_number() OVER () > 1

SELECT sum(count(*)) OVER () FROM issues GROUP BY project

SELECT random()

SELECT abs(random() % 3), id FROM issues

SELECT date('now')

SELECT date()

SELECT unixepoch(), strftime('%Y')

SELECT strftime('%Y', 'now')

SELECT date(created_at, 'unixepoch'), strftime('%Y-%m', created_at, 'unixepoch') FROM issues

SELECT datetime(:at), julianday('2020-01-01', '+1 day')

SELECT current_timestamp

SELECT id FROM issues WHERE created_at > current_date

SELECT last_insert_rowid()

SELECT title FROM issues WHERE title = "todo"

SELECT "title" FROM issues WHERE [title] = `title`

SELECT 'title' FROM issues

SELECT title AS 'a title' FROM issues ORDER BY "a title"

SELECT true, false, NULL, x'c0ffee', 1e3, 0xff, .5

SELECT id FROM issues WHERE true AND NOT false

SELECT title COLLATE nocase FROM issues

SELECT title COLLATE german FROM issues

SELECT CAST(points AS TEXT), CAST(title AS VARCHAR(30)), CAST(1 AS "my type") FROM issues

SELECT CASE title WHEN 'a' THEN 1 ELSE points END FROM issues

SELECT CASE WHEN points > 1 THEN title END AS x FROM issues

SELECT -points, +points, ~points, NOT points, points IS NULL, points ISNULL FROM issues

SELECT points % 3, points / 2, points << 1, points & 1 | 2, 'a' || title FROM issues

SELECT title GLOB 'a*', title MATCH 'a', title NOT LIKE 'b' FROM issues

SELECT title REGEXP 'a' FROM issues

SELECT likelihood(points > 1, 0.5), likely(points), unlikely(1) FROM issues

SELECT DISTINCT project FROM issues LIMIT 10 OFFSET :skip

SELECT id FROM issues LIMIT points

SELECT id FROM issues LIMIT (SELECT count(*) FROM projects)

SELECT id FROM issues LIMIT :many + 1

SELECT id FROM issues LIMIT 5, 10

SELECT ALL id FROM issues NOT INDEXED WHERE id = 'a'

SELECT id FROM issues INDEXED BY nothing WHERE id = 'a'

SELECT value, unset FROM board_view

SELECT * FROM board_view WHERE key = ''

SELECT name FROM sqlite_schema WHERE type = 'table'

SELECT * FROM pragma_table_info('issues')

SELECT main.issues.id FROM main.issues

SELECT other.issues.id FROM issues

SELECT id FROM other.issues

SELECT x.id FROM issues

SELECT x.* FROM issues

SELECT *

SELECT 1, 2, 3

SELECT id titel FROM issues

SELECT id, FROM issues

SELECT FROM issues

SELEC id FROM issues

SELECT id FORM issues

SELECT id FROM issues WHERE

SELECT id FROM issues WHERE (points > 1

SELECT id FROM issues ORDER points

SELECT id FROM issues GROUP title

SELECT id FROM issues WHERE points = = 1

SELECT 'open FROM issues

SELECT "open FROM issues

SELECT id FROM issues /* unfinished

SELECT id -- a comment
FROM issues

SELECT id FROM issues;

SELECT id FROM issues; SELECT 2

INSERT INTO issues (id) VALUES ('a') RETURNING id

UPDATE issues SET title = 'x'

DELETE FROM issues

CREATE TABLE x (y)

DROP TABLE issues

PRAGMA user_version

ATTACH 'x' AS y

BEGIN

EXPLAIN SELECT 1

EXPLAIN QUERY PLAN SELECT id FROM issues

SELECT id FROM issues WHERE id = ?

SELECT id FROM issues WHERE id = ?1 OR id = @a OR id = $b

SELECT RAISE(ABORT, 'no')

SELECT a.id FROM issues a JOIN issues b ON a.project = b.project AND a.id < b.id

SELECT a.points, b.points FROM issues a JOIN issues b ON a.points = b.points

SELECT a.points FROM issues a LEFT JOIN issues b ON a.points = b.points

SELECT id FROM issues UNION SELECT id FROM issues LIMIT 3

SELECT x FROM (SELECT points AS x FROM issues UNION SELECT 1)

SELECT x FROM (SELECT id AS x FROM issues UNION SELECT points FROM issues)

SELECT x FROM (SELECT points AS x FROM issues WHERE points > 0)

SELECT x.points FROM (SELECT * FROM issues WHERE points > 0) x

SELECT "count(*)" FROM (SELECT count(*) FROM issues)

SELECT "id:1" FROM (SELECT issues.id, projects.id FROM issues, projects)

SELECT id FROM (SELECT issues.id, projects.id FROM issues, projects)

SELECT sum(points) AS total, total + 1 FROM issues

SELECT points AS total FROM issues GROUP BY total HAVING total > 1

SELECT (points) FROM issues

SELECT ((id)) AS x, (SELECT 1) AS y FROM issues

SELECT issues FROM issues

SELECT concat_ws(',', id, title), format('%s', id), printf('%d', 1) FROM issues

SELECT if(points, 1, 2) FROM issues

SELECT nth_value(id, 2) OVER (ORDER BY id) FROM issues

SELECT first_value(id) OVER (ORDER BY points ROWS 2 PRECEDING EXCLUDE TIES) FROM issues

SELECT avg(points) FILTER (WHERE points > 0) OVER (PARTITION BY project) FROM issues

SELECT total(points), string_agg(title, ', ') FROM issues

SELECT * FROM issues AS i(a, b)

SELECT p.id FROM projects p, (SELECT project FROM issues WHERE issues.project = p.id) x

SELECT (WITH w AS (SELECT owner FROM projects WHERE projects.id = i.project) SELECT owner FROM w) FROM issues i

SELECT id FROM issues WHERE (SELECT count(*) FROM projects WHERE owner = title) > 1 AND points = :p

SELECT subtype(1), sqlite_version(), typeof(points), quote(title) FROM issues

SELECT title FROM issues ORDER BY title COLLATE german

SELECT title FROM issues WHERE title COLLATE nocas = 'a'

SELECT * FROM issues i JOIN projects p ORDER BY id

SELECT title AS t, row_number() OVER (ORDER BY t) FROM issues

SELECT title AS t, sum(points) OVER w FROM issues WINDOW w AS (ORDER BY t)

SELECT title AS t, (SELECT t) FROM issues

SELECT i.id AS t FROM issues i JOIN projects p ON t = p.id

SELECT points AS p FROM issues GROUP BY p ORDER BY p + 1

SELECT id AS x FROM issues ORDER BY (SELECT x)

SELECT title AS t FROM issues WHERE EXISTS (SELECT 1 FROM projects WHERE name = t)

SELECT * FROM issues WHERE rowid IN (SELECT rowid FROM projects)

SELECT max(rowid), count(DISTINCT rowid) FROM issues

SELECT count(*) FROM issues, (SELECT 1)

SELECT * FROM (issues)

SELECT * FROM (issues JOIN projects)

SELECT i.id, i.title FROM (issues) AS i

SELECT x.* FROM (SELECT 1 AS a, 2 AS a) x

SELECT name FROM people WHERE (age, weight) IN (VALUES (1, 2))

SELECT (1, 2) = (1, 2), (1, 2) IN ((1, 2))

SELECT CASE (SELECT 1) WHEN 1 THEN 2 END

SELECT CASE (SELECT 1, 2) WHEN 1 THEN 2 END

SELECT 1 WHERE 1 ORDER BY 1

SELECT id FROM issues WHERE labels LIKE '%' || :x || '%'

SELECT group_concat(title, :separator) FROM issues

SELECT name FROM people ORDER BY age IS NULL, age

SELECT * FROM issues LEFT JOIN json_each(labels)

SELECT e.key, i.id FROM issues i JOIN json_each(i.labels, '$') e

SELECT json_each.json, root FROM json_each('[]')

SELECT * FROM json_each

WITH t(a, b) AS MATERIALIZED (VALUES (1, 2)) SELECT a + b FROM t

SELECT id FROM issues WHERE id COLLATE german = 'a'

SELECT id FROM issues WHERE id IN ('a' COLLATE german)

SELECT id COLLATE german FROM issues WHERE id LIKE 'a' COLLATE german

SELECT DISTINCT title COLLATE german FROM issues

SELECT max(title COLLATE german) FROM issues

SELECT title COLLATE german BETWEEN 'a' AND 'b' FROM issues

SELECT sum(points) AS s FROM issues GROUP BY project HAVING s > 1

SELECT project, count(*) c FROM issues GROUP BY 1 ORDER BY 2 DESC

SELECT b.title FROM issues a LEFT JOIN issues b USING (id) WHERE b.title = 'a'

SELECT a.points FROM issues a LEFT JOIN issues b ON a.points = b.points AND b.points > 1 WHERE b.points = 2

SELECT count(*) FROM (SELECT DISTINCT project FROM issues)

SELECT i.id FROM issues i WHERE (SELECT p.id FROM projects p WHERE p.id = i.project) IS NOT NULL

SELECT points FROM issues WHERE CASE WHEN points IS NULL THEN 0 ELSE 1 END

SELECT points FROM issues WHERE points

SELECT points FROM issues WHERE -points < 0

SELECT points FROM issues WHERE (points, title) > (0, 'a')

SELECT points FROM issues WHERE points = ANY

SELECT points FROM issues WHERE points BETWEEN :a AND points

SELECT points FROM issues WHERE NOT (points = 1 AND title = 'a')

SELECT points FROM issues WHERE NOT (points = 1 OR title = 'a')

SELECT points FROM issues WHERE (points = 1) IS TRUE

SELECT points FROM issues WHERE (points = 1) IS NOT FALSE

SELECT points FROM issues WHERE points IS TRUE

SELECT points FROM issues WHERE points -> '$' = 1

SELECT age, weight FROM people WHERE age + weight > 0 AND age || weight LIKE '%'

SELECT age FROM people WHERE age IN (SELECT age FROM people)

SELECT age FROM people WHERE age NOT IN (SELECT points FROM issues WHERE id = 'nobody')

SELECT age FROM people WHERE (age) IN (1, 2) AND (age) NOT IN (3, NULL)

SELECT age FROM people WHERE EXISTS (SELECT 1 FROM issues WHERE points = age)

SELECT age FROM people WHERE coalesce(age, weight) > 0 OR age > 1

SELECT p.age FROM people p LEFT JOIN people q ON p.age = q.age

SELECT p.age, q.age FROM people p JOIN people q ON p.age < q.age

SELECT q.age FROM people p LEFT JOIN people q ON p.age = q.age WHERE q.name IS NOT NULL

SELECT age FROM (SELECT age FROM people WHERE age > 0 UNION ALL SELECT points FROM issues WHERE points > 0)

SELECT x FROM (SELECT (SELECT NULL) AS x)

SELECT owner FROM projects WHERE owner = (SELECT name FROM people LIMIT 1)

SELECT owner FROM projects WHERE owner IS (SELECT name FROM people LIMIT 1)

SELECT max(age), name FROM people GROUP BY name

SELECT max(age), name FROM people WHERE name = 'nobody'

SELECT name FROM people GROUP BY name HAVING max(age) > 1

SELECT DISTINCT i.project FROM issues i JOIN projects p ON p.id = i.project ORDER BY p.name

SELECT name AS issues FROM people ORDER BY issues

SELECT id, (SELECT row_number() OVER (ORDER BY p.id) FROM projects p LIMIT 1) AS r FROM issues WHERE r = 1

SELECT id, row_number() OVER (ORDER BY id) AS r FROM issues WHERE r = 1

SELECT project, count(*) AS n FROM issues WHERE n > 1 GROUP BY project

SELECT i.when FROM issues i

SELECT id FROM issues ORDER BY 2 LIMIT 2
