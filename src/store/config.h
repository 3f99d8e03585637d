/*
 * The settings of a person: $XDG_CONFIG_HOME/reuse-tutor/config, lines `key = value` and comments.
 * A person writes in it too, so a change touches the line of its key and nothing else, and a file
 * with a mistake in it is left as it is.
 */
#ifndef RT_STORE_CONFIG_H
#define RT_STORE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

/* A key that there is, and whether it can have a value. */
struct rt_setting {
	const char *key;
	bool (*takes)(const char *value);
	const char *values; /* N_(): of which it takes one, for the sentence about another */
};

struct rt_config;

/*
 * Reads the file. setting is borrowed, n of them. Never NULL: where it cannot be read, or has a
 * mistake, rt_config_message() says so, and what could be read counts.
 */
struct rt_config *rt_config_open(const struct rt_setting *setting, size_t n);
void rt_config_free(struct rt_config *config);

/* The value of a key, NULL where the file has none. Valid until it is set. */
const char *rt_config_get(const struct rt_config *config, const char *key);

/*
 * Gives a key a value that it takes, and writes the file where that changes it. Returns 0, or -1
 * with a message: nothing is written where the file cannot be read or has a mistake.
 */
int rt_config_set(struct rt_config *config, const char *key, const char *value);

/* What to tell, or NULL: each sentence once, until something could be written in between. */
const char *rt_config_message(struct rt_config *config);

#endif
