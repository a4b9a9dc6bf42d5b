// The live room's page.
export {};
