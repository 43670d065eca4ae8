package dev.panoptes.server.http;

import java.util.Map;

/** How browsers are answered where programs get JSON. */
public interface Pages {
    /** Where a browser that is nobody is sent; the page that it wanted follows as {@code next}. */
    String LOGIN = "/login";

    /** Where a person with a one-time password is sent. */
    String PASSWORD = "/password";

    /** Pages by the path of the GET that they stand in for. */
    Map<String, Handler> byPath();

    /** A refusal as a page. @param id of the call */
    Response problem(Problem problem, String id);
}
