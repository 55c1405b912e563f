// Words as people read them.

export const capital = text => text.charAt(0).toUpperCase() + text.slice(1);
