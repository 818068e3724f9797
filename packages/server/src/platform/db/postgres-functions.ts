/**
 * Functions of SQLite that PostgreSQL has not, or has with other arguments, for the repositories that use them. They
 * live in the schema of the tables; each is plain SQL, so that PostgreSQL can put its body in place of the call.
 */
export const POSTGRES_FUNCTIONS: readonly string[] = [
  // The elements of a JSON list; texts without their quotes.
  `CREATE OR REPLACE FUNCTION json_each(list text) RETURNS TABLE (value text, type text)
     LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 100 AS $$
     SELECT element #>> '{}', CASE json_typeof(element) WHEN 'string' THEN 'text' ELSE json_typeof(element) END
     FROM json_array_elements(list::json) AS element $$`,
  `CREATE OR REPLACE FUNCTION json_extract(document text, path text) RETURNS text
     LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
     SELECT document::json #>> string_to_array(substr(path, 3), '.') $$`,
  `CREATE OR REPLACE FUNCTION json_each(document text, path text) RETURNS TABLE (value text, type text)
     LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10 AS $$
     SELECT element #>> '{}', CASE json_typeof(element) WHEN 'string' THEN 'text' ELSE json_typeof(element) END
     FROM json_array_elements(CASE json_typeof(document::json #> string_to_array(substr(path, 3), '.'))
       WHEN 'array' THEN document::json #> string_to_array(substr(path, 3), '.') END) AS element $$`,
  `CREATE OR REPLACE FUNCTION json_array_length(document text, path text) RETURNS bigint
     LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
     SELECT CASE json_typeof(document::json #> string_to_array(substr(path, 3), '.'))
       WHEN 'array' THEN json_array_length(document::json #> string_to_array(substr(path, 3), '.')) END $$`,
];
