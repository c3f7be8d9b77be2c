// The bundle is served by this server from the flask-openapi3-swagger package.
window.SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger", deepLinking: true });
