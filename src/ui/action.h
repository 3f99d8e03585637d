/* What a key can do. Which key does it, and what the help says of it, stands in keys.def. */
#ifndef RT_UI_ACTION_H
#define RT_UI_ACTION_H

enum rt_action {
	RT_ACT_NONE,
	/* any list or panel */
	RT_ACT_UP,
	RT_ACT_DOWN,
	RT_ACT_PAGE_UP,
	RT_ACT_PAGE_DOWN,
	RT_ACT_HOME,
	RT_ACT_END,
	RT_ACT_OPEN,  /* what is chosen */
	RT_ACT_LEAVE, /* this screen */
	RT_ACT_QUIT,
	RT_ACT_HELP,
	RT_ACT_REDRAW,
	RT_ACT_THEME,
	RT_ACT_GO_TO,
	RT_ACT_SEARCH,
	RT_ACT_REVIEW, /* the first question of a review, the next one */
	RT_ACT_GLOSSARY,
	/* a lesson */
	RT_ACT_GO_ON,
	RT_ACT_ONE_CALL,
	RT_ACT_BACK,
	RT_ACT_AGAIN,
	RT_ACT_RESET,
	RT_ACT_ANSWER,
	RT_ACT_HINT,
	RT_ACT_WHY,
	RT_ACT_NEXT_PANEL,
	RT_ACT_PANEL_BEFORE,
	RT_ACT_ZOOM,
	RT_ACT_FIELDS,
	RT_ACT_NOTE, /* the instructor's */
	RT_ACT_MY_NOTE,
	RT_ACT_FREEZE,
	RT_ACT_SHELL,
	RT_ACT_END_RECORD,
	RT_ACT_PLAY, /* the playground */
	RT_ACT_WHAT_IF,
	RT_ACT_EDIT,
	RT_ACT_REMOVE,
	RT_ACT_COMPLETE,
	RT_ACT_UNDO,
	RT_ACT_REDO,
	/* a line that is typed; so are LEFT, RIGHT, HOME and END */
	RT_ACT_ERASE_WORD,
	RT_ACT_ERASE_NEXT, /* the character that the cursor stands on */
	RT_ACT_ERASE_REST,
	RT_ACT_ERASE_LINE,
	/* the matrix */
	RT_ACT_MATRIX, /* opens it */
	RT_ACT_LEFT,
	RT_ACT_RIGHT,
	RT_ACT_PROTOCOL,
	RT_ACT_FIRST,  /* the next address of the first socket */
	RT_ACT_SECOND, /* of the second */
	RT_ACT_EXCHANGE,
	RT_ACT_USERS,
	RT_ACT_WHOLE_LESSON, /* that a question of a review is from */
};

#endif
