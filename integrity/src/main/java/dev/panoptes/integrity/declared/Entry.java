package dev.panoptes.integrity.declared;

import dev.panoptes.code.Program;

/**
 * The program of a directory that runs as the agent.
 *
 * @param started true where a unit or Dockerfile starts it; false where it follows from the declared port
 *     or from its name
 * @param why what says so, for people: {@code started by units/hermes.service}
 */
public record Entry(Program program, boolean started, String why) {}
