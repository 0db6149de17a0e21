"""Files in and out: hostile workbooks become typed rows with findings; facts become workbooks and text tables."""
