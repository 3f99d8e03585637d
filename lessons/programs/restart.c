/*
 * A server that starts itself anew while its client may still be there: the calls of the listing at
 * the end of the article, in its order, for the lesson live-child.
 *
 *	socket setsockopt bind listen accept fork
 *		child:	close(listener) send close(connection) sleep exec (of this program)
 *		parent:	close(connection) exit
 *
 *	cc -o restart restart.c && ./restart
 *	cc -DWITHOUT_REUSEADDR -o restart restart.c && ./restart
 *
 * Then connect to port 10013 from another terminal, as with `nc 127.0.0.1 10013`, and look at
 * `ss -tan` while the child sleeps: TIME_WAIT where the client has closed, FIN_WAIT2 and CLOSE_WAIT
 * where it has not. With SO_REUSEADDR the restart succeeds over both; without it bind() says
 * "Address already in use".
 *
 * The mistakes of the listing, which are not made here:
 *
 * - exit(), fork(), close(), write(), sleep() and execlp() are called without their headers.
 * - "\n" and "\r\n" have lost their backslashes: it prints "bind call OK!n".
 * - execlp() is given no argv[0], and wants a program `run` that the reader has to make.
 * - What write() returns is not looked at, and SIGPIPE ends the child if the client is gone.
 * - The loop around accept() never comes round: the parent exits after its first client. Here is no
 *   loop, and so no children whose end nobody takes notice of.
 * - What is in the buffer of stdout at fork() would be there twice, if it is not a terminal.
 * - It is said to test a child that still serves. But the child closes its connection before it
 *   sleeps, so the restart meets TIME_WAIT or FIN_WAIT2 and never ESTABLISHED. This is as it was:
 *   the lesson is about it.
 *
 * What the listing does right, and must: the child closes the listening socket. If it kept it, its
 * own bind() would be refused, with SO_REUSEADDR and without.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PORT = 10013, BACKLOG = 5 };

static void die(const char *call)
{
	perror(call);
	exit(EXIT_FAILURE);
}

static int listen_on_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons(PORT),
				      .sin_addr.s_addr = htonl(INADDR_ANY)};
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	if (listener < 0)
		die("socket");
#ifndef WITHOUT_REUSEADDR
	if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) < 0)
		die("setsockopt");
#endif
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0)
		die("bind");
	puts("bind: OK");
	if (listen(listener, BACKLOG) < 0)
		die("listen");
	return listener;
}

/* Sends the time. Where the client has gone already there is nobody to send it to: no failure. */
static void tell_time(int connection)
{
	char text[64];
	time_t now = time(NULL);
	size_t len = strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y\r\n", localtime(&now)),
	       sent = 0;

	while (sent < len) {
		ssize_t n = send(connection, text + sent, len - sent, MSG_NOSIGNAL);

		if (n < 0)
			return;
		sent += (size_t)n;
	}
}

static void serve_and_restart(int listener, int connection, char **argv)
{
	close(listener);
	tell_time(connection);
	close(connection);
	sleep(1);
	execv("/proc/self/exe", argv);
	die("execv");
}

int main(int argc, char **argv)
{
	int listener, connection;

	(void)argc;
	setvbuf(stdout, NULL, _IOLBF, 0);
	listener = listen_on_port();
	connection = accept(listener, NULL, NULL);
	if (connection < 0)
		die("accept");
	switch (fork()) {
	case -1:
		die("fork");
		break;
	case 0:
		serve_and_restart(listener, connection, argv);
		break;
	default:
		close(connection);
	}
	return EXIT_SUCCESS;
}
