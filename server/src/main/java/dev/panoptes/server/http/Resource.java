package dev.panoptes.server.http;

import java.util.List;

/** The calls of one feature. */
public interface Resource {
    List<Route> routes();
}
