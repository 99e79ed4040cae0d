/** MCP servers as a home may have them: two that are on, one that is off. */
export const THREE_SERVERS = `[mcp_servers.docs]
command = "docs"

[mcp_servers.git]
command = "git"

[mcp_servers.web]
url = "https://web.example/mcp"
enabled = false
`;
