package dev.panoptes.server.stream;

import java.util.Map;

/**
 * What is told on the stream.
 *
 * @param type its name there
 * @param data the fields that clients read, their names in snake case
 */
public record StreamEvent(String type, Map<String, ?> data) {}
