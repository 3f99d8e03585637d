/* article, advice, glossary: a page on the screen, as plain text or as JSON. */
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/run.h"
#include "lesson/page.h"
#include "report/page.h"

static int on_screen(struct rt_catalog *catalog, const struct rt_page_spec *spec, int entry,
		     const struct rt_options *options, struct rt_error *err)
{
	struct rt_ui_options ui = {.page = spec, .entry = entry < 0 ? 0 : (size_t)entry};

	return rt_run_screen(catalog, ui, options, err);
}

static struct rt_page *load(const struct rt_catalog *catalog, const struct rt_page_spec *spec,
			    struct rt_error *err)
{
	char *path = rt_page_path(catalog, spec->id);
	struct rt_mistakes mistakes = {0};
	struct rt_page *page = rt_page_load(path, &mistakes, err);
	struct rt_str text = {0};

	rt_mistakes_format(&mistakes, path, &text);
	fputs(rt_str_text(&text), stderr);
	rt_str_fini(&text);
	rt_mistakes_fini(&mistakes);
	free(path);
	return page;
}

static int show(struct rt_catalog *catalog, const struct rt_page_spec *spec, const char *word,
		const struct rt_options *options, struct rt_error *err)
{
	struct rt_page *page = load(catalog, spec, err);
	int entry = page && word ? rt_page_find(page, word, err) : -1, status = 0;

	if (!page || (word && entry < 0)) {
		status = rt_error_status(err);
	} else if (!options->json && !options->plain) {
		status = on_screen(catalog, spec, entry, options, err);
	} else {
		(void)rt_page_link(page, catalog, NULL);
		(options->json ? rt_json_page : rt_plain_page)(stdout, page, entry);
	}
	rt_page_free(page);
	return status;
}

static int run(const char *id, int argc, char **argv, const struct rt_options *options,
	       struct rt_error *err)
{
	struct rt_str word = {0};
	struct rt_catalog *catalog = rt_catalog_new(err);
	int status;

	if (!catalog)
		return rt_error_status(err);
	/* `glossary accept queue` needs no quotes. */
	for (int i = 0; i < argc; i++)
		rt_str_addf(&word, "%s%s", i ? " " : "", argv[i]);
	status =
		show(catalog, rt_page_spec(id), argc > 0 ? rt_str_text(&word) : NULL, options, err);
	rt_str_fini(&word);
	rt_catalog_free(catalog);
	return status;
}

#define RT_PAGE(id, needs, help)                                                                   \
	int rt_cmd_##id(int argc, char **argv, const struct rt_options *options,                   \
			struct rt_error *err)                                                      \
	{                                                                                          \
		return run(#id, argc, argv, options, err);                                         \
	}
#include "lesson/pages.def"
#undef RT_PAGE
