/* Not a command of a person: what exec() in a script starts. */
#include "cmd/cmd.h"
#include "stage/stage.h"

int rt_cmd_stage_process(int argc, char **argv)
{
	return rt_stage_exec_main(argc, argv);
}
