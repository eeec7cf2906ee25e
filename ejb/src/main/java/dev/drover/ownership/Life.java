package dev.drover.ownership;

import java.util.UUID;

/**
 * One run of the application in one server, from its start to its end. What is under way belongs to a life; a life that
 * has ended never begins again, so its id is the token that fences off a server which does not know yet that it lost.
 *
 * @param node the server that it is a life of; the same after a restart
 */
public record Life(UUID id, String node) {}
