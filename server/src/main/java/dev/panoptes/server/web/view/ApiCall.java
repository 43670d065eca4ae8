package dev.panoptes.server.web.view;

import java.util.List;

/**
 * A call of the API, with what a form needs to try it.
 *
 * @param access who may make it
 * @param body an example of what is sent; empty where nothing is
 * @param tries whether a form can try it: not what streams, what takes a form, and what only observers may
 */
public record ApiCall(
        String method,
        String path,
        String tag,
        String access,
        String summary,
        List<Part> description,
        List<Parameter> parameters,
        String body,
        boolean tries) {
    /** @param in path or query @param example what to begin with */
    public record Parameter(String name, String in, boolean required, String description, String example) {}
}
