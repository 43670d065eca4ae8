package dev.panoptes.server.web.view;

/** One of a few ways to look at something. */
public record Choice(String word, String href, boolean chosen) {}
