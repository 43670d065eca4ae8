package dev.panoptes.server.http;

/** What a route answers to. */
public enum Method {
    GET,
    POST,
    PUT,
    PATCH,
    DELETE;

    /** True where a call may change something. */
    public boolean writes() {
        return this != GET;
    }
}
