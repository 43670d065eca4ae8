package dev.panoptes.server.http;

import org.jspecify.annotations.Nullable;

/**
 * One call of the API: the same words as in {@code openapi.yaml}, which a test compares.
 *
 * @param path with {@code {name}} for a path parameter
 * @param longestBodyBytes a longer body is refused with 413
 * @param page answers browsers instead; null where they get what programs get
 * @param form true where a form of a page is posted: its CSRF token is a field, not a header
 * @param often true where so many come by themselves that those that are answered well are no line of the usual log
 * @param asksItself true where the handler makes sure, in the transaction of its own work, that an agent is still enrolled
 *     with the key of its token; it gets a {@link Principal.Claimed}
 */
public record Route(
        Method method,
        String path,
        Access access,
        int longestBodyBytes,
        Handler handler,
        @Nullable Handler page,
        boolean form,
        boolean often,
        boolean asksItself) {
    /** What most calls may send. */
    public static final int USUAL_BODY_BYTES = 1 << 20;

    private static final int LONGEST_FORM_BYTES = 4_096;

    public static Route get(String path, Access access, Handler handler) {
        return new Route(Method.GET, path, access, 0, handler, null, false, false, false);
    }

    public static Route post(String path, Access access, Handler handler) {
        return new Route(Method.POST, path, access, USUAL_BODY_BYTES, handler, null, false, false, false);
    }

    public static Route put(String path, Access access, Handler handler) {
        return new Route(Method.PUT, path, access, USUAL_BODY_BYTES, handler, null, false, false, false);
    }

    public static Route patch(String path, Access access, Handler handler) {
        return new Route(Method.PATCH, path, access, USUAL_BODY_BYTES, handler, null, false, false, false);
    }

    public static Route delete(String path, Access access, Handler handler) {
        return new Route(Method.DELETE, path, access, USUAL_BODY_BYTES, handler, null, false, false, false);
    }

    /** The same for larger or only smaller bodies. */
    public Route withBody(int bytes) {
        return new Route(method, path, access, bytes, handler, page, form, often, asksItself);
    }

    /** The same for what agents send all the time. */
    public Route sentOften() {
        return new Route(method, path, access, longestBodyBytes, handler, page, form, true, asksItself);
    }

    /** The same where the handler asks itself whether an agent is still enrolled. */
    public Route askingItself() {
        return new Route(method, path, access, longestBodyBytes, handler, page, form, often, true);
    }

    /** A page that has no twin for programs. */
    public static Route page(String path, Access access, Handler page) {
        return new Route(Method.GET, path, access, 0, page, page, false, false, false);
    }

    /** What a form of a page is posted to. */
    public static Route form(String path, Access access, Handler handler) {
        return new Route(Method.POST, path, access, LONGEST_FORM_BYTES, handler, handler, true, false, false);
    }

    /** The same with a page for browsers. */
    Route withPage(Handler browsers) {
        return new Route(method, path, access, longestBodyBytes, handler, browsers, form, often, asksItself);
    }
}
