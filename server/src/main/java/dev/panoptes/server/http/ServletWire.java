package dev.panoptes.server.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.jspecify.annotations.Nullable;

/** A call that Javalin has found the route of. */
record ServletWire(Context context) implements Wire {
    @Override
    public String method() {
        return context.method().name();
    }

    @Override
    public String path() {
        return context.path();
    }

    @Override
    public Map<String, String> pathParameters() {
        return context.pathParamMap();
    }

    @Override
    public Map<String, List<String>> query() {
        return context.queryParamMap();
    }

    @Override
    public @Nullable String header(String name) {
        return context.header(name);
    }

    @Override
    public List<String> headers(String name) {
        return Collections.list(context.req().getHeaders(name));
    }

    @Override
    public @Nullable String cookie(String name) {
        return context.cookie(name);
    }

    @Override
    public String address() {
        return context.ip();
    }

    @Override
    public int localPort() {
        return context.req().getLocalPort();
    }

    @Override
    public long contentLength() {
        return context.req().getContentLengthLong();
    }

    @Override
    public InputStream body() throws IOException {
        return context.req().getInputStream();
    }

    @Override
    public void whenAnswered(Runnable work) {
        org.eclipse.jetty.server.Request.addCompletionListener(
                ServletContextRequest.getServletContextRequest(context.req()), _ -> work.run());
    }

    @Override
    public void status(int status) {
        context.status(status);
    }

    @Override
    public void answerHeader(String name, String value) {
        context.header(name, value);
    }

    @Override
    public void decorate(boolean tls) {
        Headers.decorate(context::header, tls);
    }

    @Override
    public void answer(String contentType, byte[] body) {
        context.contentType(contentType);
        context.result(body);
    }

    @Override
    public OutputStream stream(String contentType) throws IOException {
        context.contentType(contentType);
        context.disableCompression();
        return context.res().getOutputStream();
    }
}
