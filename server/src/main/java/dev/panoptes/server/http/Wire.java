package dev.panoptes.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What carries a call and its answer: Javalin for most routes, Jetty alone for those that are called all the time. */
interface Wire {
    String method();

    String path();

    Map<String, String> pathParameters();

    Map<String, List<String>> query();

    /** Null where it was not sent; the first one where it was sent more than once. */
    @Nullable
    String header(String name);

    /** Every one of this name, in the order in which they were sent. */
    List<String> headers(String name);

    @Nullable
    String cookie(String name);

    /** The address of the connection. */
    String address();

    int localPort();

    /** Of the body, as the caller said it; negative where it did not. */
    long contentLength();

    InputStream body() throws IOException;

    /** Runs when the last byte of the answer is written, or the connection broke. */
    void whenAnswered(Runnable work);

    void status(int status);

    /** In place of one with this name. */
    void answerHeader(String name, String value);

    /** The headers that every answer bears. */
    void decorate(boolean tls);

    /** The whole body of the answer. */
    void answer(String contentType, byte[] body);

    /** The body of an answer that is written bit by bit, and not compressed. */
    OutputStream stream(String contentType) throws IOException;
}
