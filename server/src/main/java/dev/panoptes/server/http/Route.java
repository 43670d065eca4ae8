package dev.panoptes.server.http;

/**
 * One call of the API: the same words as in {@code openapi.yaml}, which a test compares.
 *
 * @param path with {@code {name}} for a path parameter
 * @param longestBodyBytes a longer body is refused with 413
 */
public record Route(Method method, String path, Access access, int longestBodyBytes, Handler handler) {
    /** What most calls may send. */
    public static final int USUAL_BODY_BYTES = 1 << 20;

    public static Route get(String path, Access access, Handler handler) {
        return new Route(Method.GET, path, access, 0, handler);
    }

    public static Route post(String path, Access access, Handler handler) {
        return new Route(Method.POST, path, access, USUAL_BODY_BYTES, handler);
    }

    public static Route put(String path, Access access, Handler handler) {
        return new Route(Method.PUT, path, access, USUAL_BODY_BYTES, handler);
    }

    public static Route patch(String path, Access access, Handler handler) {
        return new Route(Method.PATCH, path, access, USUAL_BODY_BYTES, handler);
    }

    public static Route delete(String path, Access access, Handler handler) {
        return new Route(Method.DELETE, path, access, USUAL_BODY_BYTES, handler);
    }

    /** The same for larger or only smaller bodies. */
    public Route withBody(int bytes) {
        return new Route(method, path, access, bytes, handler);
    }
}
