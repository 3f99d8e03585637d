/* Inside the table of commands, in main.c: a row for each page. */
#define RT_PAGE(id, needs, help) {#id, rt_cmd_##id, "[ENTRY]", help},
#include "lesson/pages.def"
#undef RT_PAGE
